using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.ServiceDefaults.Health;

/// <summary>Health endpoints of a service that is not a web server (configuration section <c>Health</c>).</summary>
internal sealed class HealthOptions
{
    public const string Section = "Health";

    /// <summary>Port of <c>/health</c> and <c>/alive</c> on this machine's loopback addresses; 0 for none.</summary>
    public int Port { get; set; }

    internal sealed class Validator : IValidateOptions<HealthOptions>
    {
        public ValidateOptionsResult Validate(string? name, HealthOptions options) => options.Port is >= 0 and <= 65535
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{Section}:{nameof(Port)} is {options.Port}; it must be a port from 1 to 65535, or 0 for none.");
    }
}

/// <summary>Registers the health endpoints of a service that is not a web server.</summary>
public static class HealthServerExtensions
{
    /// <summary>Answers <c>/health</c> and <c>/alive</c> when <c>Health:Port</c> is set. Add it last: what was added before has then started.</summary>
    public static TBuilder AddHealthServer<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<HealthOptions>().Bind(builder.Configuration.GetSection(HealthOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<HealthOptions>, HealthOptions.Validator>();
        if (builder.Configuration[$"{HealthOptions.Section}:{nameof(HealthOptions.Port)}"] is { Length: > 0 } and not "0")
            builder.Services.AddHostedService<HealthServer>();
        return builder;
    }
}

/// <summary>
/// A bare Kestrel with two paths. Without routing, middleware and a service container of its own it adds almost nothing to the start,
/// and its requests are neither traced nor counted.
/// </summary>
internal sealed class HealthServer(HealthReader reader, IOptions<HealthOptions> options, ILoggerFactory loggers)
    : IHostedService, IHttpApplication<HttpContext>, IDisposable
{
    private KestrelServer? _server;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.ListenLocalhost(options.Value.Port, listen => listen.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions { IOQueueCount = 1 }), loggers), loggers);
        return _server.StartAsync(this, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose() => _server?.Dispose();

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context)
    {
        if (context.Request.Path == HealthEndpoints.Health)
            return HealthEndpoints.WriteHealthAsync(context, reader);
        if (context.Request.Path == HealthEndpoints.Alive)
            return HealthEndpoints.WriteAliveAsync(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }
}
