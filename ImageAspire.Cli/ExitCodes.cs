namespace ImageAspire.Cli;

/// <summary>What the program ends with; <c>--help</c> and docs/operations.md list them.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and no faults.</summary>
    public const int Done = 0;

    /// <summary>Not done, wrong usage, or verify found faults.</summary>
    public const int Failed = 1;

    /// <summary>A backup was made, of a store that lacks bytes.</summary>
    public const int Incomplete = 2;

    /// <summary>Ended by a signal, as shells say of Ctrl+C.</summary>
    public const int Cancelled = 130;
}
