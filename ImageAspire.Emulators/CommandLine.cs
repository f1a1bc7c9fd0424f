using System.Globalization;

namespace ImageAspire.Emulators;

/// <summary>The program's options.</summary>
internal static class CommandLine
{
    /// <summary>How to use the program.</summary>
    public const string Usage = """
        Usage: ImageAspire.Emulators [options]
        A stand-in for MongoDB on 127.0.0.1, for tests and development. It is not MongoDB.
          --port N              the port (default 27017; 0: any free port)
          --data FOLDER         keep documents in this folder (default: in memory)
          --replica-set NAME    be the only member of this replica set (default: a standalone server)
        """;

    /// <summary>Reads the arguments.</summary>
    /// <returns>The options; null and what is wrong with the arguments when they are wrong.</returns>
    public static (MongoStandInOptions? Options, string? Error) Parse(string[] args)
    {
        var options = new MongoStandInOptions { Port = 27017 };
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, { Length: > 0 } value])
                return (null, $"{pair[0]} needs a value.");
            var changed = name switch
            {
                "--port" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue ? options with { Port = port } : null,
                "--data" => options with { DataFolder = value },
                "--replica-set" => options with { ReplicaSet = value },
                _ => null,
            };
            if (changed is null)
                return (null, name == "--port" ? $"--port takes a number up to {ushort.MaxValue}, not '{value}'." : $"There is no option '{name}'.");
            options = changed;
        }

        return (options, null);
    }
}
