namespace ImageAspire.Core.Errors;

/// <summary>Why a store or the topic cannot work.</summary>
public enum StoreProblem
{
    /// <summary>It cannot be reached, or refuses us.</summary>
    Unavailable,

    /// <summary>There is no space left.</summary>
    Full,

    /// <summary>What is left is kept for deletes and other acts of operators; uploads are refused.</summary>
    NearlyFull,

    /// <summary>It can be read, but not written.</summary>
    ReadOnly,

    /// <summary>Another process holds it for longer than the wait.</summary>
    Busy,

    /// <summary>Files of it were moved or deleted.</summary>
    Missing,

    /// <summary>Another version of this program, or of a library, is needed to use it; a restart does not help.</summary>
    Incompatible,

    /// <summary>Its contents cannot be read any more; an operator must restore it.</summary>
    Damaged,
}

/// <summary>
/// A store or the topic cannot be reached, refuses us, or is full. It is an <see cref="IOException"/>, as the ports promise, that cannot be
/// taken for a fault of a request's body. The work in progress is not the cause and can be retried.
/// </summary>
/// <param name="message">What is wrong and what an operator can do. It may name files and hosts: it is for the log.</param>
/// <param name="inner">The driver's error.</param>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : IOException(message, inner), IFaultSource
{
    /// <summary>What is wrong.</summary>
    public StoreProblem Problem { get; init; }

    /// <summary>Which dependency it is, by the name of its health check; null when that is not known here.</summary>
    public string? Dependency { get; init; }

    /// <summary>One of <see cref="FaultCauses"/>; by default what <see cref="Problem"/> means.</summary>
    public string? Cause { get; init; }

    /// <inheritdoc />
    public Fault Fault => new(Cause ?? Problem switch
    {
        StoreProblem.Unavailable => FaultCauses.DependencyAway,
        StoreProblem.Busy => FaultCauses.DependencySlow,
        StoreProblem.ReadOnly => FaultCauses.DependencyRefused,
        _ => FaultCauses.DependencyFailed,
    }, Dependency);

    /// <summary>True when the store promises that nothing of the write stands, now or later; false when that is not known.</summary>
    public bool NothingWritten { get; init; }
}
