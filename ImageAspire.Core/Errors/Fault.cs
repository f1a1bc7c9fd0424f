using System.Net.Sockets;

namespace ImageAspire.Core.Errors;

/// <summary>Why an attempt failed, and because of which dependency.</summary>
/// <param name="Cause">One of <see cref="FaultCauses"/>.</param>
/// <param name="Dependency">One of the names of dependencies; null when the cause is none of them, or it is not known which.</param>
public sealed record Fault(string Cause, string? Dependency = null)
{
    /// <summary>The fault of an exception: what the exception says itself, or the one that caused it; else what .NET's own network exceptions mean.</summary>
    public static Fault Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Chain(error).OfType<IFaultSource>().Select(one => one.Fault).FirstOrDefault(one => one is not null) ?? new Fault(OfNetwork(error) ?? FaultCauses.OurFault);
    }

    /// <summary>The fault of a call of a dependency that ended with an exception of .NET or of a driver.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="dependency">What was called.</param>
    /// <param name="otherwise">The cause when the exception does not tell.</param>
    public static Fault OfCall(Exception error, string dependency, string otherwise = FaultCauses.DependencyFailed) => new(OfNetwork(error) ?? otherwise, dependency);

    /// <summary>The cause that an HTTP status of a dependency means.</summary>
    public static string CauseOfStatus(int status) => status switch
    {
        408 or 504 => FaultCauses.DependencySlow,
        429 or >= 500 => FaultCauses.DependencyFailed,
        _ => FaultCauses.DependencyRefused,
    };

    /// <summary><c>dependency-slow (vision)</c>.</summary>
    public override string ToString() => Dependency is null ? Cause : $"{Cause} ({Dependency})";

    private static string? OfNetwork(Exception error) => Chain(error).Select(OfOne).FirstOrDefault(one => one is not null)
        ?? (Chain(error).OfType<HttpRequestException>().FirstOrDefault() is { } http ? OfConnection(http.HttpRequestError) : null);

    private static string? OfOne(Exception error) => error switch
    {
        TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut } => FaultCauses.DependencySlow,
        SocketException => FaultCauses.DependencyAway,
        HttpRequestException { StatusCode: { } status } => CauseOfStatus((int)status),
        _ => null,
    };

    private static string OfConnection(HttpRequestError error) => error switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError => FaultCauses.DependencyAway,
        _ => FaultCauses.DependencyFailed,
    };

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var one = error; one is not null; one = one.InnerException)
            yield return one;
    }
}

/// <summary>An exception that says why the attempt failed.</summary>
public interface IFaultSource
{
    /// <summary>Why; null when only the exception that caused it can tell.</summary>
    Fault? Fault { get; }
}
