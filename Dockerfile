# syntax=docker/dockerfile:1
# GRAIN_ENGINE: Embedded (default), or Orleans, which needs a feed with Microsoft Orleans 10.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG GRAIN_ENGINE=Embedded
WORKDIR /source
COPY . .
RUN dotnet publish Hive.Silo -c Release -o /hive -p:GrainEngine=$GRAIN_ENGINE

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# Build goals need git.
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 1654 hive 2>/dev/null || true; useradd --system --gid 1654 --uid 1655 --create-home hive && mkdir /data && chown hive /data
COPY --from=build /hive /opt/hive
RUN ln -s /opt/hive/hive /usr/local/bin/hive
USER hive
WORKDIR /data
VOLUME /data
ENTRYPOINT ["hive"]
CMD ["--help"]
