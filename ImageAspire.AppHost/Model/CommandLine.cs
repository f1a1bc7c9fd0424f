namespace ImageAspire.AppHost.Model;

/// <summary>
/// The options of the AppHost: <c>--data DIR</c> is the configuration key <c>ImageAspire:Data</c>, and so on. Whatever Aspire takes, and any
/// configuration key with a colon in it, goes on unchanged; everything else is refused, so that a misspelt option is not silently nothing.
/// </summary>
internal static class CommandLine
{
    /// <summary>The exit code when an option or a setting is wrong.</summary>
    public const int WrongUse = 1;

    private static readonly (string Name, string Key, string Help)[] Options =
    [
        ("--data", AppHostSettings.DataKey, "DIR      folder where everything is kept (./data beside the projects)"),
        ("--workers", AppHostSettings.WorkersKey, "N     worker processes, 0 to 32 (1)"),
        ("--api-port", AppHostSettings.ApiPortKey, "N    port of gallery and API (5080)"),
        ("--dashboard-port", AppHostSettings.DashboardPortKey, "N  port of Aspire's dashboard (18888)"),
        ("--api-key", AppHostSettings.ApiKeyKey, "KEY   the key with every scope; other users of this machine can see it: prefer --api-key-file"),
        ("--api-key-file", AppHostSettings.ApiKeyFileKey, "FILE  a file with that key; without both, one is made and kept in the data folder"),
        ("--backend", AppHostSettings.BackendKey, "NAME  Embedded: files and SQLite; Azure: MongoDB, Blob Storage, Service Bus (Embedded)"),
        ("--vision", AppHostSettings.VisionKey, "NAME   local: the vision service of this repository; azure: connection string 'vision'; off (local)"),
    ];

    // Aspire.Hosting's own switches, and those of the generic host.
    private static readonly string[] Passed =
    [
        "--operation", "--publisher", "--output-path", "--step", "--list-steps", "--log-level", "--include-exception-details", "--clear-cache", "--resource",
        "--start-resource", "--command", "--workdir", "--dcp-cli-path", "--dcp-container-runtime", "--dcp-dependency-check-timeout", "--dcp-dashboard-path",
        "--environment", "--contentRoot", "--applicationName", "--non-interactive", "--yes",
    ];

    /// <summary>Turns options into configuration keys; false, with everything that is wrong said, when there is an option that does not exist.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="arguments">What Aspire's builder is to read.</param>
    public static bool TryRead(string[] args, out string[] arguments)
    {
        var problems = Read(args, out arguments);
        return problems.Count == 0 || Refuse(problems);
    }

    /// <summary>Turns options into configuration keys; what is wrong, each in a sentence.</summary>
    internal static IReadOnlyList<string> Read(string[] args, out string[] arguments)
    {
        List<string> read = [], problems = [];
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = Split(args[i]);
            if (Array.Find(Options, option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Name: { } known, Key: { } key })
            {
                if (value is null && (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
                    problems.Add($"{known} needs a value.");
                else
                    read.Add($"--{key}={value ?? args[++i]}");
            }
            else if (name.Contains(':', StringComparison.Ordinal) || Passed.Contains(name, StringComparer.OrdinalIgnoreCase) || !name.StartsWith("--", StringComparison.Ordinal))
            {
                read.Add(args[i]);
                if (value is null && name.StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                    read.Add(args[++i]); // its value
                else if (!name.StartsWith("--", StringComparison.Ordinal))
                    problems.Add($"'{args[i]}' is not an option.");
            }
            else
            {
                problems.Add($"There is no option {name}.");
            }
        }

        arguments = [.. read];
        return problems;
    }

    /// <summary>Says what is wrong, and which options there are.</summary>
    private static bool Refuse(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
        Console.Error.WriteLine("Options (each is also a setting, for example the environment variable ImageAspire__Workers):");
        foreach (var (name, _, help) in Options)
            Console.Error.WriteLine($"  {name} {help}");
        return false;
    }

    private static (string Name, string? Value) Split(string argument) => argument.Split('=', 2) is [var name, var value] ? (name, value) : (argument, null);
}
