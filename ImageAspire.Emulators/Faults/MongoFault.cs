namespace ImageAspire.Emulators.Faults;

/// <summary>What goes wrong with commands, for tests.</summary>
public sealed record MongoFault
{
    /// <summary>The names of the commands, as the driver sends them.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>How many of them; by default the next one.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The code with which they are refused instead of run.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>The code with which statements of a bulk write are refused, from <see cref="FirstRefused"/> on.</summary>
    public int? StatementErrorCode { get; init; }

    /// <summary>The position of the first statement that is refused with <see cref="StatementErrorCode"/>.</summary>
    public int FirstRefused { get; init; }

    /// <summary>The code of an error of the write concern: the command was run, and is not confirmed.</summary>
    public int? WriteConcernErrorCode { get; init; }

    /// <summary>No answer comes; the command is not run.</summary>
    public bool Hangs { get; init; }

    /// <summary>The connection ends instead of the command being run.</summary>
    public bool ClosesBefore { get; init; }

    /// <summary>The connection ends when the command was run, before its answer.</summary>
    public bool ClosesAfter { get; init; }
}
