using System.ComponentModel;
using ImageAspire.Cli.Output;
using ImageAspire.Embedded.Backup;
using Spectre.Console.Cli;

namespace ImageAspire.Cli.Backup;

internal sealed class VerifyCommand(CommandOutput output, TimeProvider time) : StoreCommand<VerifyCommand.Settings>(output, time)
{
    protected override async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        var found = await StoreBars.ShowAsync(Output, counts =>
        {
            var verification = new StoreVerification(Time, Output, counts);
            return settings.BackupFolder is { } backup
                ? verification.BackupAsync(backup, settings.Quick, cancellationToken)
                : verification.StoreAsync(settings.DataFolder, settings.Quick, cancellationToken);
        });
        if (found.Faults == 0)
        {
            Output.Report($"No faults: {Number(found.Images)} images, {Size(found.Bytes)}{(settings.Quick ? "; bytes were not read (--quick)" : ", every byte read")}.");
            return ExitCodes.Done;
        }

        Output.Report($"Faults: {Number(found.Faults)}. {(settings.BackupFolder is null ? "docs/operations.md explains each." : "Do not rely on this backup.")}");
        return ExitCodes.Failed;
    }

    protected override string Target(Settings settings) => settings.BackupFolder ?? settings.DataFolder;

    internal sealed class Settings : StoreSettings
    {
        [CommandArgument(0, "[DIR]")]
        [Description("Folder of a backup; without it the data folder is verified")]
        [NamesFolder]
        public string? Dir { get; init; }

        [CommandOption("--quick")]
        [Description("Compare sizes only, without reading the bytes of images")]
        public bool Quick { get; init; }

        public string? BackupFolder => Dir is null ? null : Path.GetFullPath(Dir);
    }
}
