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

    /// <summary>Reads the arguments. Says how to use them when they are wrong.</summary>
    /// <returns>Null when they are wrong, or only help was asked for.</returns>
    public static ServiceBusEmulatorOptions? Parse(string[] args)
    {
        var options = new ServiceBusEmulatorOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            if (value is null || !TrySet(options, args[i], value))
            {
                Console.Error.WriteLine(args[i] is "--help" or "-h" ? Usage : $"'{args[i]} {value}' is not understood.{Environment.NewLine}{Usage}");
                return null;
            }
        }

        return options;
    }

    /// <summary>Says where it listens.</summary>
    public static void Write(ServiceBusEmulatorServer server)
    {
        Console.WriteLine($"AMQP on {server.AmqpPort}, administration on http://localhost:{server.AdministrationPort}");
        Console.WriteLine(server.ConnectionString);
    }

    private static bool TrySet(ServiceBusEmulatorOptions options, string name, string value)
    {
        switch (name)
        {
            case "--config":
                options.ConfigFile = value;
                return true;
            case "--data":
                options.DataFolder = value;
                return true;
        }

        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        switch (name)
        {
            case "--amqp-port":
                options.AmqpPort = (int)Math.Min(number, int.MaxValue);
                return true;
            case "--admin-port":
                options.AdministrationPort = (int)Math.Min(number, int.MaxValue);
                return true;
            case "--max-message-bytes":
                options.MaxMessageBytes = number;
                return true;
            case "--max-connections":
                options.MaxConnections = (int)Math.Min(number, int.MaxValue);
                return true;
            default:
                return false;
        }
    }
}
