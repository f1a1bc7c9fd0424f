using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Deployment;

/// <summary>The services as the units start them: in the units' environment, with a socket for notices, and a parent called systemd.</summary>
[Trait("Category", "Slow")]
public sealed class SystemdNoticesTests(StagedInstallation staged) : IClassFixture<StagedInstallation>
{
    private const int Terminate = 15;

    [Fact]
    public async Task Api_UnderSystemd_SaysReadyTakesTheKeyAndSaysStopping()
    {
        Requires.Linux();
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        using var service = new NotifyingService(Programs.Api, staged.EnvironmentOf("imageaspire-api.service"), new() { ["ASPNETCORE_URLS"] = address.ToString() });

        await service.SaysAsync("READY=1");

        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("X-API-Key", (await File.ReadAllTextAsync(staged.PathOf("/etc/imageaspire/api-key"))).TrimEnd());
        (await client.GetAsync(new Uri("/api/images", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK); // ready means that it listens
        await service.StopsAsync();
    }

    [Fact]
    public async Task Worker_UnderSystemd_SaysReadyAndStopping()
    {
        Requires.Linux();
        using var service = new NotifyingService(Programs.Worker, staged.EnvironmentOf("imageaspire-worker@.service"), []);

        await service.SaysAsync("READY=1");

        await service.StopsAsync();
    }

    private sealed class NotifyingService : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
        private readonly TempFolder _folder = new();
        private readonly Socket _notices = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        private readonly Process _systemd;
        private readonly int _service;

        public NotifyingService(string program, IReadOnlyDictionary<string, string> environment, Dictionary<string, string> changes)
        {
            var socket = Path.Combine(_folder.Root, "notify");
            _notices.Bind(new UnixDomainSocketEndPoint(socket));
            // A service believes that it is systemd's by the name of its parent.
            var systemd = Path.Combine(_folder.Root, "systemd");
            StagedInstallation.WriteScript(systemd, "\"$@\" >/dev/null & echo $!; wait $!");
            var start = new ProcessStartInfo(systemd, ["dotnet", "exec", program]) { RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(program) };
            foreach (var (key, value) in environment.Where(one => !one.Key.StartsWith("OTEL_", StringComparison.Ordinal)).Concat(changes))
                start.Environment[key] = value;
            start.Environment["Embedded__DataFolder"] = Path.Combine(_folder.Root, "data");
            start.Environment["NOTIFY_SOCKET"] = socket;
            _systemd = Process.Start(start)!;
            _service = int.Parse(_systemd.StandardOutput.ReadLine()!);
        }

        public async Task SaysAsync(string notice)
        {
            using var patience = new CancellationTokenSource(Patience);
            var buffer = new byte[4096];
            string said;
            do
                said = Encoding.UTF8.GetString(buffer, 0, await _notices.ReceiveAsync(buffer, patience.Token));
            while (!said.Split('\n').Contains(notice));
        }

        /// <summary>SIGTERM, as at <c>systemctl stop</c>; it ends well.</summary>
        public async Task StopsAsync()
        {
            Processes.Signal(_service, Terminate);
            await SaysAsync("STOPPING=1");
            using var patience = new CancellationTokenSource(Patience);
            await _systemd.WaitForExitAsync(patience.Token);
            _systemd.ExitCode.ShouldBe(0); // the service's
        }

        public void Dispose()
        {
            if (!_systemd.HasExited)
                Processes.Kill(_service);
            _systemd.WaitForExit();
            _systemd.Dispose();
            _notices.Dispose();
            _folder.Dispose();
        }
    }
}
