using System.ComponentModel;
using ImageAspire.Cli.Output;
using ImageAspire.Embedded.Backup;
using ImageAspire.Embedded.Upgrades;
using Spectre.Console.Cli;

namespace ImageAspire.Cli.Backup;

internal sealed class BackupCommand(CommandOutput output, TimeProvider time) : StoreCommand<BackupCommand.Settings>(output, time)
{
    protected override async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        if (StoreCompatibility.FindProblem(settings.DataFolder) is { } newer)
            return Output.Fail(newer);
        var made = await StoreBars.ShowAsync(Output, counts =>
            new StoreBackup(Time, Output, counts).RunAsync(settings.DataFolder, settings.Folder, settings.Copy, cancellationToken));
        Output.Report($"Backup complete: {Number(made.Images)} images, {Number(made.Files)} files, {Size(made.Bytes)} in '{settings.Folder}'.");
        if (made.Linked > 0)
            Output.Report($"{Number(made.Linked)} files are hard links and share the disk with the data folder: copy the backup to another one, too.");
        return made.Faults == 0
            ? ExitCodes.Done
            : Output.Fail($"{Number(made.Faults)} files were missing or damaged in the store; everything else is in the backup. Run 'verify'.", ExitCodes.Incomplete);
    }

    protected override string Target(Settings settings) => settings.Folder;

    internal sealed class Settings : StoreSettings
    {
        [CommandArgument(0, "<DIR>")]
        [Description("Folder for the backup: new or empty, outside the data folder")]
        [NamesFolder]
        public required string Dir { get; init; }

        [CommandOption("--copy")]
        [Description("Copy the bytes, even where hard links are possible")]
        public bool Copy { get; init; }

        public string Folder => Path.GetFullPath(Dir);
    }
}
