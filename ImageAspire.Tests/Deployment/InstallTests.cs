using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Api.Access;
using ImageAspire.Embedded;
using ImageAspire.Imaging;
using ImageAspire.Tests.Requirements;
using ImageAspire.Worker;

namespace ImageAspire.Tests.Deployment;

/// <summary>What <c>deploy/install</c> puts on a machine.</summary>
[Trait("Category", "Slow")]
[UnsupportedOSPlatform("windows")]
public sealed class InstallTests(StagedInstallation staged) : IClassFixture<StagedInstallation>
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly string[] Services = ["imageaspire-api.service", "imageaspire-worker@.service", "imageaspire-vision.service", "imageaspire-dashboard.service"];

    [Fact]
    public void Install_Staged_LaysOutProgramsDataAndUnits()
    {
        Requires.Linux();
        var version = new FileInfo(staged.PathOf("/opt/imageaspire/current")).LinkTarget.ShouldNotBeNull();
        version.ShouldStartWith("1.2.3-preview.0.4-"); // that of the programs
        version.ShouldNotContain("/"); // so that the folder can be moved as a whole
        foreach (var service in Services)
            File.Exists(staged.PathOf($"/opt/imageaspire/{version}/{Program(service)}")).ShouldBeTrue(service);
        new FileInfo(staged.PathOf("/usr/local/bin/imageaspire")).LinkTarget.ShouldBe("/opt/imageaspire/current/cli/imageaspire");
        foreach (var folder in (string[])["", "/backups"])
            File.GetUnixFileMode(staged.PathOf($"/var/lib/imageaspire{folder}")).ShouldBe(Owner | UnixFileMode.UserExecute);
        Directory.GetFileSystemEntries(staged.PathOf("/etc/systemd/system/imageaspire.target.wants")).Select(Path.GetFileName).ShouldBe(
            ["imageaspire-api.service", "imageaspire-worker@1.service", "imageaspire-worker@2.service", "imageaspire-vision.service", "imageaspire-dashboard.service"], ignoreOrder: true);

        string Program(string service) => staged.Unit(service)["ExecStart"].Replace("/opt/imageaspire/current/", "", StringComparison.Ordinal);
    }

    [Fact]
    public void Install_Staged_NoSecretIsReadableByOthers()
    {
        Requires.Linux();
        var key = File.ReadAllText(staged.PathOf("/etc/imageaspire/api-key")).TrimEnd();

        (File.GetUnixFileMode(staged.PathOf("/etc/imageaspire")) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)).ShouldBe(UnixFileMode.None);
        foreach (var file in Directory.GetFiles(staged.PathOf("/etc/imageaspire")))
            File.GetUnixFileMode(file).ShouldBe(Path.GetFileName(file) is "api-key" or "dashboard.env" ? Owner : Owner | UnixFileMode.GroupRead, file);
        staged.Output.ShouldContain(key);
        var api = staged.SettingsOf("api.env");
        api.Values.ShouldNotContain(key); // its hash is enough
        api["Access__Keys__0__Sha256"].ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key))));
        staged.SettingsOf("telemetry.env")["OTEL_EXPORTER_OTLP_HEADERS"].ShouldBe($"x-otlp-api-key={staged.SettingsOf("dashboard.env")["Dashboard__Otlp__PrimaryApiKey"]}");
        staged.SettingsOf("vision.env")["Vision__Key"].Length.ShouldBeGreaterThanOrEqualTo(32);
        Directory.GetFiles(staged.PathOf("/etc/imageaspire")).ShouldAllBe(file => !File.ReadAllText(file).Contains("=@") && !File.ReadAllText(file).Contains("@\n")); // nothing is left to fill in
    }

    [Fact]
    public void Install_Again_KeepsKeysSettingsAndWorkers()
    {
        Requires.Linux();
        using var own = new StagedInstallation();
        var settings = own.PathOf("/etc/imageaspire/worker.env");
        File.AppendAllText(settings, "Worker__Concurrency=3\n");
        var (before, key) = (new FileInfo(own.PathOf("/opt/imageaspire/current")).LinkTarget, File.ReadAllText(own.PathOf("/etc/imageaspire/api-key")));

        var output = own.Install("--port", "6000");

        output.ShouldNotContain(key.TrimEnd()); // shown once
        File.ReadAllText(own.PathOf("/etc/imageaspire/api-key")).ShouldBe(key);
        File.ReadAllText(settings).ShouldEndWith("Worker__Concurrency=3\n");
        own.SettingsOf("api.env")["ASPNETCORE_URLS"].ShouldBe("http://127.0.0.1:5080");
        Directory.GetFiles(own.PathOf("/etc/systemd/system/imageaspire.target.wants"), "imageaspire-worker@*").Length.ShouldBe(2);
        new FileInfo(own.PathOf("/opt/imageaspire/current")).LinkTarget.ShouldNotBe(before);
        Directory.Exists(own.PathOf($"/opt/imageaspire/{before}")).ShouldBeTrue(); // the way back
    }

    [Fact]
    public void Uninstall_Staged_LeavesDataAndSettings()
    {
        Requires.Linux();
        using var own = new StagedInstallation();

        own.Uninstall();

        Directory.Exists(own.PathOf("/opt/imageaspire")).ShouldBeFalse();
        Directory.GetFileSystemEntries(own.PathOf("/etc/systemd/system"), "imageaspire*").ShouldBeEmpty();
        Directory.Exists(own.PathOf("/var/lib/imageaspire")).ShouldBeTrue();
        File.Exists(own.PathOf("/etc/imageaspire/api-key")).ShouldBeTrue();
    }

    [Fact]
    public void Units_AllServices_ComeBackAfterCrashesAndMayDoLittle()
    {
        Requires.Linux();
        foreach (var unit in Services.Select(staged.Unit))
        {
            (unit["Restart"], unit["RestartSec"], unit["RestartMaxDelaySec"], unit["StartLimitIntervalSec"]).ShouldBe(("on-failure", "500ms", "30s", "0"));
            unit["RestartPreventExitStatus"].ShouldBe($"{ServiceDefaults.StartUp.SettingsAreWrong}");
            (unit["NoNewPrivileges"], unit["CapabilityBoundingSet"], unit["ProtectSystem"], unit["ProtectHome"]).ShouldBe(("true", "", "strict", "true"));
            // The services look at /proc for the name of their parent, to know that it is systemd.
            unit.All("ProtectProc").Concat(unit.All("ProcSubset")).Concat(unit.All("MemoryDenyWriteExecute")).ShouldBeEmpty();
            unit.All("EnvironmentFile").ShouldAllBe(file => File.Exists(staged.PathOf(file.TrimStart('-'))));
        }

        foreach (var unit in Services.Take(3).Select(staged.Unit))
            (unit["Type"], unit["KillMode"], unit["TimeoutStopSec"], unit["OOMPolicy"], unit["User"]).ShouldBe(("notify", "mixed", "35", "continue", "imageaspire"));
    }

    /// <summary>systemd's own check; where it is not installed the test above has to do.</summary>
    [Fact]
    public void Units_AllServices_AreUnderstoodBySystemd()
    {
        Requires.SystemdAnalyze();
        var (exitCode, output) = StagedInstallation.TryRun(Requires.SystemdAnalyzePath,
            ["verify", "--man=no", "--recursive-errors=no", $"--root={staged.Root}", .. Services.Select(name => $"/etc/systemd/system/{name.Replace("@.", "@1.", StringComparison.Ordinal)}")]);

        // Versions before 254 do not know the steps, say so by words and exit code, and wait half a second each time.
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(line => line.Contains("RestartSteps") || line.Contains("RestartMaxDelaySec"));
        exitCode.ShouldBe(lines.Length > 0 ? 1 : 0);
    }

    [Fact]
    public void Settings_OfAllFiles_AreThoseThatTheServicesKnow()
    {
        Requires.Linux();
        var sections = new Dictionary<string, Type>
        {
            ["Access"] = typeof(AccessOptions), ["Api"] = typeof(global::ImageAspire.Api.ApiOptions), ["Embedded"] = typeof(EmbeddedOptions), ["Worker"] = typeof(WorkerOptions),
            ["Imaging"] = typeof(ImagingOptions), ["Vision"] = typeof(global::ImageAspire.Analysis.VisionServiceOptions),
        };
        string[] known = ["Backend", "AllowedHosts", "ASPNETCORE_URLS", "ASPNETCORE_FORWARDEDHEADERS_ENABLED"];
        var keys = ((string[])["api.env", "worker.env", "vision.env", "telemetry.env"]).SelectMany(file => staged.SettingsOf(file, examples: true).Keys)
            .Concat(Services.Take(2).SelectMany(unit => staged.EnvironmentOf(unit).Keys)).Where(key => !key.StartsWith("OTEL_", StringComparison.Ordinal)).Distinct().ToList();

        keys.Count.ShouldBeGreaterThan(10);
        keys.Where(key => !known.Contains(key) && !IsOption(key)).ShouldBeEmpty();

        bool IsOption(string key)
        {
            var parts = key.Split("__");
            var type = sections.GetValueOrDefault(parts[0]);
            foreach (var part in parts.Skip(1))
                type = int.TryParse(part, out _) ? type?.GetGenericArguments()[0] : type?.GetProperty(part)?.PropertyType;
            return type is not null && parts.Length > 1;
        }
    }
}
