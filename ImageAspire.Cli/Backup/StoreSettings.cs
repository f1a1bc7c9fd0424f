using System.ComponentModel;
using Spectre.Console.Cli;

namespace ImageAspire.Cli.Backup;

/// <summary>The options of all commands on the store.</summary>
internal abstract class StoreSettings : CommandSettings
{
    [CommandOption("--data <DIR>")]
    [Description("The data folder. A relative path starts at the current folder (that of AppHost starts at the repository)")]
    [DefaultValue("data")]
    [NamesFolder]
    public required string Data { get; init; }

    /// <summary>Full path of the data folder.</summary>
    public string DataFolder => Path.GetFullPath(Data);
}
