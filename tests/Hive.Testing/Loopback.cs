using System.Net;
using System.Net.Sockets;

namespace Hive.Testing;

/// <summary>The loopback interface of this machine.</summary>
public static class Loopback
{
    /// <summary>A port that nobody listens on at the moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
