using System.ComponentModel;
using ImageAspire.Cli.Output;
using ImageAspire.Embedded.Backup;
using Spectre.Console.Cli;

namespace ImageAspire.Cli.Backup;

internal sealed class RestoreCommand(CommandOutput output, TimeProvider time) : StoreCommand<RestoreCommand.Settings>(output, time)
{
    protected override async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        var made = await StoreBars.ShowAsync(Output, counts =>
            new StoreRestore(Time, Output, counts).RunAsync(Path.GetFullPath(settings.Dir), settings.DataFolder, cancellationToken));
        Output.Report($"Restored: {Number(made.Images)} images, {Number(made.Files)} files, {Size(made.Bytes)} in '{settings.DataFolder}'. Start the system on it with --data.");
        return ExitCodes.Done;
    }

    protected override string Target(Settings settings) => settings.DataFolder;

    internal sealed class Settings : StoreSettings
    {
        [CommandArgument(0, "<DIR>")]
        [Description("Folder of the backup")]
        [NamesFolder]
        public required string Dir { get; init; }
    }
}
