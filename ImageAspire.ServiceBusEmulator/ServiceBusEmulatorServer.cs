using System.Net;
using System.Net.Sockets;
using ImageAspire.ServiceBusEmulator.Administration;
using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Configuration;
using ImageAspire.ServiceBusEmulator.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.ServiceBusEmulator;

/// <summary>A Service Bus namespace in this process, on the loopback address.</summary>
public sealed class ServiceBusEmulatorServer : IAsyncDisposable
{
    private const string Key = "SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;";
    private const int MaxRequestBytes = 256 * 1024;
    private readonly WebApplication _app;

    private ServiceBusEmulatorServer(WebApplication app)
    {
        _app = app;
        var ports = app.Urls.Select(url => new Uri(url).Port).ToArray();
        (AmqpPort, AdministrationPort) = (ports[0], ports[1]);
    }

    /// <summary>The port for AMQP.</summary>
    public int AmqpPort { get; }

    /// <summary>The port for administration.</summary>
    public int AdministrationPort { get; }

    /// <summary>For clients that send and receive. Any key is taken.</summary>
    public string ConnectionString => $"Endpoint=sb://localhost:{AmqpPort};{Key}";

    /// <summary>For administration clients.</summary>
    public string AdministrationConnectionString => $"Endpoint=sb://localhost:{AdministrationPort};{Key}";

    internal MessageBroker Broker => _app.Services.GetRequiredService<MessageBroker>();

    /// <summary>Starts an emulator.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="time">The clock; the system's unless given.</param>
    /// <param name="logging">Where it logs; nowhere unless given.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>It listens.</returns>
    /// <exception cref="InvalidOperationException">Options are out of range; the message names each of them.</exception>
    /// <exception cref="InvalidDataException">The configuration file is wrong (the message names line and path), or the store is of another version.</exception>
    /// <exception cref="IOException">A port is taken or not allowed, or the store cannot be made, read or written, or belongs to another emulator.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder of the store cannot be made.</exception>
    public static async Task<ServiceBusEmulatorServer> StartAsync(
        ServiceBusEmulatorOptions options, TimeProvider? time = null, ILoggerFactory? logging = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var clock = time ?? TimeProvider.System;
        var definitions = ReadConfig(options, clock);
        var app = Build(options, clock, logging, definitions);
        try
        {
            await app.Services.GetRequiredService<MessageBroker>().EnsureAsync(definitions);
            await app.StartAsync(cancellationToken);
            return new ServiceBusEmulatorServer(app);
        }
        catch (Exception error)
        {
            await app.DisposeAsync();
            switch (error)
            {
                case SqliteException:
                    throw new IOException($"The store in {options.DataFolder} cannot be used: {error.Message}", error);
                case SocketException: // as a port that needs rights; one that is taken is an IOException already
                    throw new IOException($"Ports {options.AmqpPort} and {options.AdministrationPort} cannot be listened on: {error.Message}", error);
                default:
                    throw;
            }
        }
    }

    /// <summary>Removes all entities and messages, and makes the entities of the configuration file again.</summary>
    public Task ResetAsync() => _app.Services.GetRequiredService<ResetCommand>().RunAsync();

    /// <summary>Cuts all AMQP connections, as a network does; clients connect again.</summary>
    public void AbortConnections() => _app.Services.GetRequiredService<AmqpEndpoint>().Abort();

    /// <summary>Cuts all connections, and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        AbortConnections();
        await _app.DisposeAsync();
    }

    private static IReadOnlyList<EntityDefinition> ReadConfig(ServiceBusEmulatorOptions options, TimeProvider time)
    {
        try
        {
            return options.ConfigFile is null ? [] : EmulatorConfig.Read(options.ConfigFile, time.GetUtcNow());
        }
        catch (ConfigException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    private static WebApplication Build(ServiceBusEmulatorOptions options, TimeProvider time, ILoggerFactory? logging, IReadOnlyList<EntityDefinition> definitions)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => Listen(server, options, time));
        builder.Services.AddRoutingCore().AddSingleton(options).AddSingleton(time).AddEmulatorParts().AddSingleton(services => new ResetCommand(services.GetRequiredService<MessageBroker>(), definitions));
        // The signals of the process belong to the program around it, not to a server in it.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoSignals>());
        if (logging is not null)
            builder.Services.Replace(ServiceDescriptor.Singleton(logging));
        var app = builder.Build();
        app.UseWebSockets();
        app.UseRouting();
        app.MapHealth();
        app.MapPost("/reset", async (ResetCommand reset) =>
        {
            await reset.RunAsync();
            return Results.NoContent();
        });
        app.MapAmqpOverWebSockets();
        app.MapAdministration();
        return app;
    }

    private static void Listen(KestrelServerOptions server, ServiceBusEmulatorOptions options, TimeProvider time)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = MaxRequestBytes;
        server.Limits.MaxConcurrentConnections = options.MaxConnections;
        server.Limits.MaxConcurrentUpgradedConnections = options.MaxConnections;
        server.Listen(IPAddress.Loopback, options.AmqpPort,
            listen => listen.Run(connection => listen.ApplicationServices.GetRequiredService<AmqpEndpoint>().ServeAsync(new PipeTransport(connection), time)));
        server.Listen(IPAddress.Loopback, options.AdministrationPort, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
