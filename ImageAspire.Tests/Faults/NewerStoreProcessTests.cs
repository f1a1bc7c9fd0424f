using System.Diagnostics;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Webhooks;
using ImageAspire.Tests.EndToEnd;

namespace ImageAspire.Tests.Faults;

/// <summary>An older version of each program on a store of a newer one: no database is changed, and nothing is started again and again.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class NewerStoreProcessTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string[]> Started => new()
    {
        { Programs.Api, [] }, { Programs.Worker, [] }, { Programs.AppHost, ["--vision", "off"] }, { Programs.Cli, ["backup"] },
    };

    public async ValueTask InitializeAsync()
    {
        await MainDatabase.Open(_folder.Data).DisposeAsync();
        await WebhookSchema.Open(_folder.Data).DisposeAsync();
        foreach (var name in (string[])[MainDatabase.FileName, WebhookSchema.FileName])
        {
            using var session = new SqliteSession(Path.Combine(_folder.Root, name), readOnly: false);
            session.Run("PRAGMA user_version=99");
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Started))]
    public async Task Start_NewerStore_OneLineAndExitCodeOne(string program, string[] arguments)
    {
        string[] options = arguments switch
        {
            [] => [],
            ["backup"] => ["backup", _folder.Root + ".backup", "--data", _folder.Root],
            _ => [.. arguments, "--data", _folder.Root, "--api-port", $"{Ports.Free()}", "--dashboard-port", $"{Ports.Free()}"],
        };
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. options]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["Embedded__DataFolder"] = _folder.Root;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Health__Port"] = "0";

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        var said = await output + await error;
        process.ExitCode.ShouldBe(1, said);
        var line = said.Split('\n').Where(one => one.Contains("newer version")).ShouldHaveSingleItem();
        line.ShouldContain("imageaspire.db has schema version 99");
        line.ShouldContain("webhooks.db has schema version 99");
        line.ShouldContain("docs/upgrades.md");
        said.ShouldNotContain("   at "); // no stack trace
    }
}
