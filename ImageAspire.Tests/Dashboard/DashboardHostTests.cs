using System.Net;
using System.Net.Sockets;

namespace ImageAspire.Tests.Dashboard;

public sealed class DashboardHostTests
{
    [Fact]
    public async Task Start_OtlpPortIsMeantForSomebodyElse_TakesAnother()
    {
        var port = FreePort();

        await using var dashboard = await StartedDashboard.StartAsync(options =>
        {
            options.OtlpPort = port;
            options.ReservedPorts.Add(port);
        });

        dashboard.OtlpEndpoint.Port.ShouldBeInRange(port + 1, port + 20);
    }

    [Fact]
    public async Task Start_OnePortForBoth_IsThatOfThePages()
    {
        var port = FreePort();

        await using var dashboard = await StartedDashboard.StartAsync(options => (options.Port, options.OtlpPort) = (port, port));

        dashboard.Address.Port.ShouldBe(port);
        dashboard.OtlpEndpoint.Port.ShouldNotBe(port);
    }

    [Fact]
    public async Task Start_PagesCannotListen_LeavesNothingBehind()
    {
        var otlp = FreePort();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        await Should.ThrowAsync<IOException>(() => StartedDashboard.StartAsync(options =>
            (options.Port, options.OtlpPort) = (((IPEndPoint)taken.LocalEndpoint).Port, otlp)));

        using var free = new TcpListener(IPAddress.Loopback, otlp);
        Should.NotThrow(free.Start);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
