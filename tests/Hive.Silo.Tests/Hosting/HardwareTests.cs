using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Hive.Silo.Hosting;
using Hive.Silos;

namespace Hive.Silo.Tests.Hosting;

public sealed class HardwareTests
{
    [Fact]
    public void The_lines_of_nvidia_smi_are_read()
    {
        var gpus = HardwareNvidiaSmi.Parse("NVIDIA H200, 143771, 550.54.15\r\nNVIDIA GeForce RTX 4090, 24564, 550.54.15\n");
        Assert.Equal([new Gpu("NVIDIA H200", 143_771, "550.54.15"), new Gpu("NVIDIA GeForce RTX 4090", 24_564, "550.54.15")], gpus);
    }

    [Theory]
    [InlineData("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")]
    [InlineData("NVIDIA H200, [N/A], 550")]
    [InlineData("NVIDIA H200, -5, 550")]
    [InlineData("NVIDIA H200, 99999999999999999999, 550")]
    [InlineData(", 5, 550")]
    [InlineData("a, 5, ")]
    [InlineData("a, 5, \u001b[2J")]
    [InlineData(",,")]
    [InlineData("")]
    public void A_line_that_is_none_is_passed_over(string line) => Assert.Empty(HardwareNvidiaSmi.Parse(line));

    [Fact]
    public void Whatever_nvidia_smi_says_the_gpus_are_within_bounds() =>
        Prop.ForAll(
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get).ListOf().Select(lines => string.Join(",", lines) + "\n" + string.Concat(lines)).ToArbitrary(),
            output => HardwareNvidiaSmi.Parse(output).All(gpu => gpu is { Name.Length: > 0 and <= 200, Driver.Length: > 0 and <= 200, MemoryMiB: > 0 })).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_command_that_is_not_there_or_never_stops_talking_tells_of_no_gpus()
    {
        Assert.Empty(await HardwareNvidiaSmi.ReadAsync("/nowhere/nvidia-smi", CancellationToken.None));
        using var folder = new TemporaryFolder();
        var command = Program(folder, "while :; do echo 'NVIDIA H200, 143771, 550.54.15'; done\n");
        Assert.Empty(await HardwareNvidiaSmi.ReadAsync(command, CancellationToken.None));
    }

    [Fact]
    public async Task A_command_in_its_place_is_asked()
    {
        using var folder = new TemporaryFolder();
        var command = Program(folder, "test \"$1\" = --query-gpu=name,memory.total,driver_version && echo 'NVIDIA H200, 143771, 550.54.15'\n");
        Assert.Equal([new Gpu("NVIDIA H200", 143_771, "550.54.15")], await HardwareNvidiaSmi.ReadAsync(command, CancellationToken.None));
    }

    [Theory]
    [InlineData("0::/a/b\n", "sys/fs/cgroup/a/memory.max", "1073741824\n", 1L << 30)]
    [InlineData("0::/\n", "sys/fs/cgroup/memory.max", "1073741824\n", 1L << 30)]
    [InlineData("0::/a\n", "sys/fs/cgroup/a/memory.max", "max\n", 8L << 30)]
    [InlineData("5:cpu,memory:/a\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "1073741824\n", 1L << 30)]
    [InlineData("5:memory:/a\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "9223372036854771712\n", 8L << 30)]
    [InlineData("0::/../../etc\n", "etc/memory.max", "1073741824\n", 8L << 30)]
    [InlineData("nonsense\n", "sys/fs/cgroup/memory.max", "1073741824\n", 8L << 30)]
    public void The_memory_is_what_the_nearest_control_group_leaves(string group, string file, string limit, long bytes)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "proc/meminfo", "MemTotal:        8388608 kB\nMemFree:         1 kB\n");
        Write(folder, "proc/self/cgroup", group);
        Write(folder, file, limit);
        Assert.Equal(bytes, HardwareMemory.Read(folder.Path, 1));
    }

    [Fact]
    public void Where_there_is_no_proc_the_runtime_is_believed()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(12345, HardwareMemory.Read(folder.Path, 12345));
    }

    [Fact]
    public async Task This_machine_has_cores_and_memory()
    {
        var hardware = await HardwareProbe.ReadAsync(CancellationToken.None);
        Assert.True(hardware is { Cores: >= 1, MemoryMiB: > 100 }, $"{hardware}");
    }

    [Theory]
    [InlineData(1e6, Bandwidth.Slow)]
    [InlineData(2e6, Bandwidth.Broadband)]
    [InlineData(50e6, Bandwidth.Lan)]
    [InlineData(1e9, Bandwidth.Datacenter)]
    public void A_line_belongs_to_a_class(double bytesPerSecond, Bandwidth bandwidth) => Assert.Equal(bandwidth, LineSpeed.Of(bytesPerSecond));

    private static string Program(TemporaryFolder folder, string script)
    {
        var file = folder.Write("nvidia-smi", "#!/bin/sh\n" + script);
        Process.Start("chmod", ["500", file])!.WaitForExit();
        return file;
    }

    private static void Write(TemporaryFolder folder, string path, string text)
    {
        var file = Path.Combine(folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
