using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Backends.Tracing;

/// <summary>
/// Spans around the ports, in one place for all adapters. They are recorded only as parts of a trace (a request, a message): calls of
/// sweepers and health checks belong to none. Without a listener a call is passed straight through.
/// </summary>
internal static class PortSpans
{
    /// <summary>Decorates catalog, vector index, blob store and topic, which are registered already, with spans.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="documents">The database system.</param>
    public static IServiceCollection AddPortSpans(this IServiceCollection services, DocumentSystem documents)
    {
        services.Decorate<IBlobStore>((_, inner) => new TracedBlobStore(inner));
        services.Decorate<IEventBus>((_, inner) => new TracedEventBus(inner));
        services.Decorate<IImageCatalog>((_, inner) => new TracedCatalog(inner, documents));
        services.Decorate<IVectorIndex>((_, inner) => new TracedVectorIndex(inner, documents));
        return services;
    }

    /// <summary>Runs work inside a span.</summary>
    public static async Task<T> RunAsync<T>(string name, ActivityKind kind, Func<Activity?, Task<T>> work)
    {
        // Started in here: a span that is started before an async method stays the caller's current span.
        using var span = Telemetry.Source.StartActivity(name, kind);
        try
        {
            return await work(span);
        }
        catch (Exception error)
        {
            span.Fail(error);
            throw;
        }
    }

    // The container still creates and disposes the inner service, registered with a key.
    internal static void Decorate<TPort>(this IServiceCollection services, Func<IServiceProvider, TPort, TPort> around)
        where TPort : class
    {
        var inner = services.Last(one => one.ServiceType == typeof(TPort) && !one.IsKeyedService);
        services.Remove(inner);
        services.Add(inner switch
        {
            { ImplementationInstance: { } instance } => new ServiceDescriptor(typeof(TPort), typeof(PortSpans), instance),
            { ImplementationFactory: { } factory } => new ServiceDescriptor(typeof(TPort), typeof(PortSpans), (provider, _) => factory(provider), inner.Lifetime),
            _ => new ServiceDescriptor(typeof(TPort), typeof(PortSpans), inner.ImplementationType!, inner.Lifetime),
        });
        services.Add(new ServiceDescriptor(typeof(TPort),
            provider => around(provider, provider.GetRequiredKeyedService<TPort>(typeof(PortSpans))), inner.Lifetime));
    }
}

/// <summary>The database system, by OpenTelemetry's database conventions.</summary>
/// <param name="Name"><c>db.system.name</c>.</param>
/// <param name="Kind">Client; internal where the driver creates client spans.</param>
/// <param name="Announce">What a commit does with an event: <c>publish</c> it, or <c>create</c> it in an outbox from which a relay publishes it.</param>
internal sealed record DocumentSystem(string Name, ActivityKind Kind, string Announce)
{
    public static readonly DocumentSystem Sqlite = new("sqlite", ActivityKind.Client, EventSpans.Publish);

    public static readonly DocumentSystem MongoDb = new("mongodb", ActivityKind.Internal, EventSpans.Create);
}
