using ImageAspire.Core.Ports;
using ImageAspire.ServiceDefaults.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageAspire.ServiceDefaults.Heartbeats;

/// <summary>Registers the heartbeats of a service.</summary>
public static class HeartbeatExtensions
{
    /// <summary>Writes a heartbeat every few seconds to the <see cref="IHeartbeatStore"/> of the backend.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="service">One of <see cref="Core.Heartbeats.ServiceNames"/>.</param>
    public static TBuilder AddHeartbeat<TBuilder>(this TBuilder builder, string service)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddSingleton<IHeartbeatPart>(provider => new CallRecorder(service, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(provider => new ProcessHeartbeat(
            service, provider.GetRequiredService<HealthReader>(), provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetServices<IHeartbeatPart>()));
        builder.Services.AddHostedService<HeartbeatService>();
        return builder;
    }
}
