namespace ImageAspire.AppHost.Model;

/// <summary>
/// The options of the AppHost: <c>--data DIR</c> is the configuration key <c>ImageAspire:Data</c>, and so on. Aspire's own options and
/// configuration keys with a colon are passed on unchanged; everything else is an error, so that a misspelt option is not ignored.
/// </summary>
internal static class CommandLine
{
    /// <summary>The exit code for an invalid option or setting.</summary>
    public const int InvalidUsage = 1;

    private const string KeyOption = "--api-key";

    private static readonly (string Name, string Key, string Help)[] Options =
    [
        ("--data", AppHostSettings.DataKey, "DIR      data folder (./data beside the projects)"),
        ("--workers", AppHostSettings.WorkersKey, "N     worker processes, 0 to 32 (1)"),
        ("--api-port", AppHostSettings.ApiPortKey, "N    port of gallery and API (5080)"),
        ("--dashboard-port", AppHostSettings.DashboardPortKey, "N  port of Aspire's dashboard (18888)"),
        (KeyOption, AppHostSettings.ApiKeyKey, "KEY   the key with every scope; other users of this machine can see it here: prefer --api-key-file"),
        ("--api-key-file", AppHostSettings.ApiKeyFileKey, "FILE  a file with that key, or the variable ImageAspire__ApiKey; without any, one is generated and stored in the data folder"),
        ("--backend", AppHostSettings.BackendKey, "NAME  Embedded: files and SQLite; Azure: MongoDB, Blob Storage, Service Bus (Embedded)"),
        ("--vision", AppHostSettings.VisionKey, "NAME   local: the vision service of this repository; azure: connection string 'vision'; off (local)"),
    ];

    // Aspire.Hosting's own switches, and those of the generic host.
    private static readonly string[] PassedOn =
    [
        "--operation", "--publisher", "--output-path", "--step", "--list-steps", "--log-level", "--include-exception-details", "--clear-cache", "--resource",
        "--start-resource", "--command", "--workdir", "--dcp-cli-path", "--dcp-container-runtime", "--dcp-dependency-check-timeout", "--dcp-dashboard-path",
        "--environment", "--contentRoot", "--applicationName", "--non-interactive", "--yes",
    ];

    /// <summary>Converts options to configuration keys; writes every error to standard error, and then returns false.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="arguments">The arguments for Aspire's builder.</param>
    public static bool TryRead(string[] args, out string[] arguments)
    {
        var errors = Read(args, out arguments);
        return errors.Count == 0 || Reject(errors);
    }

    /// <summary>Converts options to configuration keys, and returns the errors.</summary>
    internal static IReadOnlyList<string> Read(string[] args, out string[] arguments)
    {
        List<string> read = [], errors = [];
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = Split(args[i]);
            if (Array.Find(Options, option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Name: { } known, Key: { } key })
            {
                if (value is null && (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
                    errors.Add($"{known} needs a value.");
                else
                    read.Add($"--{key}={value ?? args[++i]}");
            }
            else if (name.Contains(':', StringComparison.Ordinal) || PassedOn.Contains(name, StringComparer.OrdinalIgnoreCase) || !name.StartsWith("--", StringComparison.Ordinal))
            {
                read.Add(args[i]);
                if (value is null && name.StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                    read.Add(args[++i]); // its value
                else if (!name.StartsWith("--", StringComparison.Ordinal))
                    errors.Add($"'{args[i]}' is not an option.");
            }
            else
            {
                errors.Add($"There is no option {name}.");
            }
        }

        arguments = [.. read];
        return errors;
    }

    /// <summary>Writes a warning to standard error when the API key is on the command line, where every user of the machine can read it.</summary>
    public static void WarnAboutKey(string[] args)
    {
        if (HasKey(args))
            Console.Error.WriteLine("The API key is on the command line, and every user of this machine can read it in the list of processes. Use --api-key-file FILE, or the environment variable ImageAspire__ApiKey.");
    }

    /// <summary>Whether the API key is on the command line.</summary>
    internal static bool HasKey(string[] args) => Array.Exists(args, argument => Split(argument).Name is var name
        && (name.Equals(KeyOption, StringComparison.OrdinalIgnoreCase) || name.Equals($"--{AppHostSettings.ApiKeyKey}", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Writes the errors and the list of options.</summary>
    private static bool Reject(IReadOnlyList<string> errors)
    {
        foreach (var error in errors)
            Console.Error.WriteLine(error);
        Console.Error.WriteLine("Options (each is also a setting, for example the environment variable ImageAspire__Workers):");
        foreach (var (name, _, help) in Options)
            Console.Error.WriteLine($"  {name} {help}");
        return false;
    }

    private static (string Name, string? Value) Split(string argument) => argument.Split('=', 2) is [var name, var value] ? (name, value) : (argument, null);
}
