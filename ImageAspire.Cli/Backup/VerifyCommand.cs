using System.ComponentModel;
using ImageAspire.Cli.Output;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Backup;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ImageAspire.Cli.Backup;

internal sealed class VerifyCommand(CommandOutput output, TimeProvider time) : StoreCommand<VerifyCommand.Settings>(output, time)
{
    protected override async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        var found = await StoreBars.ShowAsync(Output, counts =>
        {
            var verification = new StoreVerification(Time, Output, counts) { AuditHead = settings.Head };
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

        [CommandOption("--audit-head <N:HASH>")]
        [Description("An earlier head of the audit log (a line of the Worker's log, or a note of verify): the log must still contain it")]
        public string? NotedHead { get; init; }

        public AuditHead? Head => AuditHead.TryParse(NotedHead, out var head) ? head : null;

        public string? BackupFolder => Dir is null ? null : Path.GetFullPath(Dir);

        public override ValidationResult Validate() => NotedHead is null || Head is not null
            ? ValidationResult.Success()
            : ValidationResult.Error("--audit-head must be a number, a colon and a SHA-256, for example 42:0123…");
    }
}
