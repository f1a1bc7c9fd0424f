using ImageAspire.Cli;
using ImageAspire.Cli.Output;
using ImageAspire.Embedded.Backup;
using ImageAspire.Tests.Requirements;
using Spectre.Console;

namespace ImageAspire.Tests.Backup;

/// <summary>Backup, restore and verify as commands: exit codes, and what they print.</summary>
[Trait("Category", "Slow")]
public sealed class StoreCommandTests
{
    private const char Escape = '\e';
    // Half of it is markup to Spectre.Console, and half of it colours a terminal.
    private const string HostileName = @"[red]x[/]\u001b[31m.db";
    private const string HostileFault = "FAULT missing-file: of the databases [red]x[/]?[31m.db, ";

    [Fact]
    public async Task Redirected_LongPaths_AreNeitherBrokenNorColoured()
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        var backup = Path.Combine(store.Backup, "with space [red]", new string('x', 150));

        var made = await StoreCommand.RunAsync("backup", backup, "--copy", "--data", store.Data);
        var verified = await StoreCommand.RunAsync("verify", backup);
        var restored = await StoreCommand.RunAsync("restore", backup, "--data", store.Restored);

        made.ExitCode.ShouldBe(0, made.Text);
        Lines(made.Output)[^1].ShouldEndWith($" MiB in '{backup}'.");
        verified.ExitCode.ShouldBe(0, verified.Text);
        Lines(verified.Output)[^1].ShouldMatch(@"^No faults: 1 images, \d\.\d MiB, every byte read\.$");
        restored.ExitCode.ShouldBe(0, restored.Text);
        Lines(restored.Output)[^1].ShouldEndWith($" MiB in '{store.Restored}'. Start the system on it with --data.");
        (made.Text + verified.Text + restored.Text).ShouldNotContain(Escape);
    }

    [Fact]
    public async Task IncompleteStore_ExitCodesAndStreams_TellIt()
    {
        using var store = await SmallStore.CreateAsync(images: 2);
        File.Delete(store.PathOf(1));

        var made = await StoreCommand.RunAsync("backup", store.Backup, "--data", store.Data);
        var verified = await StoreCommand.RunAsync("verify", "--quick", "--data", store.Data);

        made.ExitCode.ShouldBe(2, made.Text);
        made.Errors.ShouldStartWith("1 files were missing or damaged in the store; everything else is in the backup. Run 'verify'.");
        verified.ExitCode.ShouldBe(1, verified.Text);
        verified.Errors.ShouldBeEmpty();
        Lines(verified.Output).ShouldContain(line => line.StartsWith($"FAULT missing-bytes: image {store.Images[1].Id}: ") && line.EndsWith("or upload the same file again"));
        Lines(verified.Output)[^1].ShouldStartWith("Faults: 1.");
    }

    [Fact]
    public async Task Redirected_HostileNameInAFault_IsShownAsItIs()
    {
        using var store = await HostileBackupAsync();

        var verified = await StoreCommand.RunAsync("verify", store.Backup);

        verified.ExitCode.ShouldBe(1, verified.Text);
        Lines(verified.Output).ShouldContain(line => line.StartsWith(HostileFault) && line.EndsWith(" -> use another backup"));
        verified.Text.ShouldNotContain(Escape);
    }

    [Fact]
    public async Task Terminal_ShowsBarsAndUnbrokenLines()
    {
        using var store = await HostileBackupAsync();
        var (exitCode, screen, errors) = await RunHereAsync(isTerminal: true, "verify", store.Backup);

        exitCode.ShouldBe(1);
        errors.ShouldBeEmpty();
        Lines(screen).ShouldContain(line => line.Contains(HostileFault) && line.EndsWith(" -> use another backup"));
        screen.ShouldMatch(@"Files: (\d+) of \1, ");
    }

    [Theory]
    [InlineData("--nope", "verify", "--nope")]
    [InlineData("--nope", "backup", "--nope", "BACKUP")]
    [InlineData("-q", "restore", "BACKUP", "-q")]
    [InlineData("data", "restore", "BACKUP", "--data")]
    [InlineData("name of a folder", "restore", "BACKUP", "--data", "")]
    [InlineData("name of a folder", "backup", "")]
    [InlineData("'more'", "verify", "BACKUP", "more")]
    [InlineData("'more'", "verify", "--", "more")]
    [InlineData("'DIR'", "backup")]
    [InlineData("'repair'", "repair")]
    public async Task WrongUsage_IsNamedAndNothingIsDone(string named, params string[] arguments)
    {
        using var store = new SmallStore();

        var (exitCode, output, errors) = await RunHereAsync(isTerminal: false, [.. arguments.Select(argument => argument == "BACKUP" ? store.Backup : argument)]);

        exitCode.ShouldBe(1, errors);
        output.ShouldBeEmpty();
        errors.ShouldContain(named);
        errors.ShouldContain("See 'imageaspire --help'.");
        Directory.Exists(store.Backup).ShouldBeFalse();
    }

    [Fact]
    public async Task Help_TellsOfCommandsFoldersAndExitCodes()
    {
        var help = await StoreCommand.RunAsync("--help");
        var ofBackup = await StoreCommand.RunAsync("backup", "--help");
        var version = await StoreCommand.RunAsync("--version");
        var nothing = await StoreCommand.RunAsync();

        help.ExitCode.ShouldBe(0, help.Text);
        foreach (var said in (string[])["backup <DIR>", "restore <DIR>", "verify", "EXIT CODES", "130"])
            help.Output.ShouldContain(said);
        ofBackup.ExitCode.ShouldBe(0, ofBackup.Text);
        ofBackup.Output.ShouldContain("--copy");
        ofBackup.Output.ShouldContain("current folder");
        version.ExitCode.ShouldBe(0, version.Text);
        version.Output.ShouldMatch(@"^\d+\.\d+\.\d+");
        (nothing.ExitCode, nothing.Output).ShouldBe((1, help.Output));
        (help.Text + ofBackup.Text + version.Text).ShouldNotContain(Escape);
    }

    [Fact]
    public async Task Commands_WithoutAStore_SayWhatIsWrong()
    {
        using var store = new SmallStore();
        Directory.Delete(store.Data);

        var nothing = await StoreCommand.RunAsync("backup", store.Backup, "--data", store.Data);
        nothing.ExitCode.ShouldBe(1);
        nothing.Errors.ShouldContain("is no data folder");
        var none = await StoreCommand.RunAsync("verify", store.Backup);
        none.ExitCode.ShouldBe(1);
        none.Errors.ShouldContain("There is no folder");
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(store.Data)!).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task Signal_DuringABackup_LeavesNothing(string signal)
    {
        Requires.Linux();
        using var store = await SmallStore.CreateAsync(images: 1);
        using (var large = new FileStream(store.PathOf(0), FileMode.Open, FileAccess.Write))
            large.SetLength(1L << 40); // without blocks on the disk; linked, and then read for many minutes

        using var process = StoreCommand.Start("backup", store.Backup, "--data", store.Data);
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("Databases:", StringComparison.Ordinal))
        {
        }

        Directory.Exists(store.Backup).ShouldBeTrue();
        using (var kill = System.Diagnostics.Process.Start("kill", [signal, $"{process.Id}"]))
            await kill.WaitForExitAsync();
        var ended = await StoreCommand.EndAsync(process);

        ended.ExitCode.ShouldBe(130, ended.Text);
        ended.Errors.ShouldStartWith("Cancelled; nothing was left behind.");
        Directory.Exists(store.Backup).ShouldBeFalse();
    }

    // In this process: what a terminal gets, and faster.
    private static async Task<CommandResult> RunHereAsync(bool isTerminal, params string[] arguments)
    {
        using var screen = new StringWriter();
        using var errors = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No, Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(screen), Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = 80;
        var exitCode = await CommandLine.RunAsync(arguments, new CommandOutput(console, errors), CancellationToken.None);
        return new CommandResult(exitCode, screen.ToString(), errors.ToString());
    }

    /// <summary>A backup whose manifest names a file outside.</summary>
    private static async Task<SmallStore> HostileBackupAsync()
    {
        var store = await SmallStore.CreateAsync(images: 1);
        await store.BackupAsync();
        var manifest = Path.Combine(store.Backup, BackupManifest.FileName);
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("\"databases\": {", $"\"databases\": {{ \"{HostileName}\": 1,", StringComparison.Ordinal));
        return store;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
