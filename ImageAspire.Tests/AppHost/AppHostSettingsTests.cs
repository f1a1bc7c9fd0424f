using System.Net;
using System.Net.Sockets;
using ImageAspire.AppHost.Model;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.Tests.AppHost;

/// <summary>Settings, and everything that can be wrong with them and with this machine.</summary>
public sealed class AppHostSettingsTests : IDisposable
{
    private const string GoodKey = "a-key-of-more-than-20-characters";
    private readonly TempFolder _folder = new();

    [Fact]
    public void Read_Defaults_IsEmbeddedWithLocalVision()
    {
        var (settings, errors) = Run([]);
        errors.ShouldBeEmpty();
        (settings.Backend, settings.Vision, settings.Workers, settings.ApiKey).ShouldBe((Backend.Embedded, VisionSource.Local, 1, null));
        settings.WorkerNames.ShouldBe(["worker"]);
    }

    [Fact]
    public void Read_SeveralWrong_AreNamedAllAtOnce()
    {
        var errors = Run(new()
        {
            [AppHostSettings.BackendKey] = "Moon", [AppHostSettings.WorkersKey] = "33", [AppHostSettings.ApiPortKey] = "-1",
            [AppHostSettings.VisionKey] = "0", [AppHostSettings.ApiKeyKey] = "short",
        }).Errors;

        errors.Count.ShouldBe(5);
        foreach (var wrong in (string[])[$"ImageAspire:Backend is 'Moon'; it must be one of {string.Join(", ", Enum.GetNames<Backend>())}.", "ImageAspire:Workers is '33'; it must be a whole number from 0 to 32.", "ImageAspire:ApiPort is '-1'", "ImageAspire:Vision is '0'", "ImageAspire:ApiKey must have 20 to 512"])
            errors.ShouldContain(error => error.StartsWith(wrong, StringComparison.Ordinal), wrong);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("secret\n", "the key in ImageAspire:ApiKeyFile must have 20")]
    [InlineData("secret with spaces in it, of length\n", "the key in ImageAspire:ApiKeyFile must have 20")]
    public void Read_KeyFileWrong_IsReportedWithoutTheKey(string content, string wanted)
    {
        var error = Run(new() { [AppHostSettings.ApiKeyFileKey] = KeyFile(content) }).Errors.ShouldHaveSingleItem();
        error.ShouldContain(wanted);
        error.ShouldNotContain("secret");
    }

    [Fact]
    public void Read_KeyFileMissing_IsNamed() =>
        Run(new() { [AppHostSettings.ApiKeyFileKey] = Path.Combine(_folder.Root, "none") }).Errors.ShouldHaveSingleItem().ShouldContain("cannot be read");

    [Fact]
    public void Read_KeyFile_IsItsFirstLine()
    {
        var (settings, errors) = Run(new() { [AppHostSettings.ApiKeyFileKey] = KeyFile($" {GoodKey} \nanother line\n") });
        errors.ShouldBeEmpty();
        settings.ApiKey.ShouldBe(GoodKey);
    }

    [Fact]
    public void Read_KeyAndKeyFile_IsRefused() =>
        Run(new() { [AppHostSettings.ApiKeyKey] = GoodKey, [AppHostSettings.ApiKeyFileKey] = KeyFile(GoodKey) }).Errors.ShouldHaveSingleItem().ShouldContain("both set");

    [Theory]
    [InlineData(AppHostSettings.ApiPortKey, "--api-port")]
    [InlineData(AppHostSettings.DashboardPortKey, "--dashboard-port")]
    public void Read_PortTaken_NamesThePortAndTheOption(string key, string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var error = Run(new() { [key] = $"{port}" }).Errors.ShouldHaveSingleItem();
        error.ShouldContain($"Port {port} is in use");
        error.ShouldContain(option);
    }

    [Fact]
    public void Read_OnePortForBoth_IsRefused()
    {
        var port = $"{Ports.Free()}";
        Run(new() { [AppHostSettings.ApiPortKey] = port, [AppHostSettings.DashboardPortKey] = port }).Errors.ShouldHaveSingleItem().ShouldContain("both the Api and the dashboard");
    }

    [Fact]
    public void Read_FolderCannotBeMade_NamesItAndTheOption()
    {
        var file = KeyFile("a file, where a folder would have to be");
        var error = Run(new() { [AppHostSettings.DataKey] = Path.Combine(file, "data") }).Errors.ShouldHaveSingleItem();
        error.ShouldContain(file);
        error.ShouldContain("--data");
    }

    [Fact]
    public void Read_AzureVisionWithoutConnection_IsNamed() =>
        Run(new() { [AppHostSettings.VisionKey] = "azure" }).Errors.ShouldHaveSingleItem().ShouldContain("ConnectionStrings:vision");

    [Theory]
    [InlineData("images", "uploads")]
    [InlineData("uploads", "images")]
    public void Read_AzureBackendWithOneContainer_NamesTheOther(string given, string missing) =>
        Run(new() { [AppHostSettings.BackendKey] = "Azure", [$"ConnectionStrings:{given}"] = "x" }).Errors.ShouldHaveSingleItem().ShouldStartWith($"ConnectionStrings:{missing} is missing");

    [Theory]
    [InlineData(AppHostSettings.BackendKey, "Embedded", "cannot be deployed")]
    [InlineData(AppHostSettings.VisionKey, "local", "Deploy with 'azure'")]
    public void Read_Deployed_RefusesWhatNeedsThisMachine(string key, string value, string wanted) =>
        Read(new() { [key] = value }, isRun: false).Errors.ShouldContain(error => error.Contains(wanted, StringComparison.Ordinal));

    public void Dispose() => _folder.Dispose();

    private string KeyFile(string content)
    {
        var file = Path.Combine(_folder.Root, "key");
        File.WriteAllText(file, content);
        return file;
    }

    private (AppHostSettings Settings, List<string> Errors) Run(Dictionary<string, string?> settings)
    {
        settings.TryAdd(AppHostSettings.DataKey, Path.Combine(_folder.Root, "data"));
        settings.TryAdd(AppHostSettings.ApiPortKey, $"{Ports.Free()}");
        settings.TryAdd(AppHostSettings.DashboardPortKey, $"{Ports.Free()}");
        return Read(settings, isRun: true);
    }

    private (AppHostSettings Settings, List<string> Errors) Read(Dictionary<string, string?> settings, bool isRun)
    {
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        return (AppHostSettings.Read(reader, _folder.Root, isRun), reader.Errors);
    }
}
