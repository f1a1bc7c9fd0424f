namespace ImageAspire.Cli;

/// <summary>The exit codes; <c>--help</c> and docs/operations.md list them.</summary>
internal static class ExitCodes
{
    /// <summary>Success, and no faults.</summary>
    public const int Done = 0;

    /// <summary>Failure, wrong usage, or verify found faults.</summary>
    public const int Failed = 1;

    /// <summary>A backup was made of a store that lacks bytes.</summary>
    public const int Incomplete = 2;

    /// <summary>Cancelled by a signal; the shells' code for Ctrl+C.</summary>
    public const int Cancelled = 130;
}
