using System.Globalization;

namespace ImageAspire.ServiceBusEmulator;

/// <summary>The program's options.</summary>
internal static class CommandLine
{
    private const string Usage = """
        Usage: ImageAspire.ServiceBusEmulator [options]
          --config FILE              entities, as the official emulator's Config.json
          --data DIR                 keep messages in this folder (default: in memory)
          --amqp-port N              AMQP (default 5672; 0: any free port)
          --admin-port N             administration, /health and /reset (default 5300; 0: any free port)
          --max-message-bytes N      largest message (default 1048576)
          --max-connections N        AMQP connections at once (default 1000)
        """;

    private static readonly Dictionary<string, Action<ServiceBusEmulatorOptions, string>> Setters = new()
    {
        ["--config"] = (options, value) => options.ConfigFile = value,
        ["--data"] = (options, value) => options.DataFolder = value,
        ["--amqp-port"] = (options, value) => options.AmqpPort = Number(value),
        ["--admin-port"] = (options, value) => options.AdministrationPort = Number(value),
        ["--max-message-bytes"] = (options, value) => options.MaxMessageBytes = Number(value),
        ["--max-connections"] = (options, value) => options.MaxConnections = Number(value),
    };

    /// <summary>Whether only help is asked for.</summary>
    public static bool IsHelp(string[] args) => args.Any(argument => argument is "--help" or "-h");

    /// <summary>Says how to use the program.</summary>
    /// <returns>The exit code.</returns>
    public static int Help()
    {
        Console.WriteLine(Usage);
        return 0;
    }

    /// <summary>Reads the arguments. Says in one line what is wrong with them.</summary>
    /// <returns>Null when they are wrong.</returns>
    public static ServiceBusEmulatorOptions? Parse(string[] args)
    {
        var options = new ServiceBusEmulatorOptions();
        foreach (var pair in args.Chunk(2))
        {
            if (Set(options, pair[0], pair.ElementAtOrDefault(1)) is not { } error)
                continue;
            Console.Error.WriteLine($"{error} --help lists the options.");
            return null;
        }

        return options;
    }

    /// <summary>Says where it listens.</summary>
    public static void Write(ServiceBusEmulatorServer server)
    {
        Console.WriteLine($"AMQP on {server.AmqpPort}, administration on http://localhost:{server.AdministrationPort}");
        Console.WriteLine(server.ConnectionString);
    }

    // What is wrong; null when all is well.
    private static string? Set(ServiceBusEmulatorOptions options, string name, string? value)
    {
        if (!Setters.TryGetValue(name, out var set))
            return $"There is no option '{name}'.";
        if (string.IsNullOrEmpty(value))
            return $"{name} needs a value.";
        try
        {
            set(options, value);
            return null;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return $"{name} takes a whole number up to {int.MaxValue}, not '{value}'.";
        }
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
