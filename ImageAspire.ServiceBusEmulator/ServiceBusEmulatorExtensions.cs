using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.ServiceBusEmulator;

/// <summary>The emulator as a part of another host.</summary>
public static class ServiceBusEmulatorExtensions
{
    /// <summary>Starts an emulator with the host, and ends it with the host. <see cref="ServiceBusEmulatorHost.Server"/> has its addresses.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">How it runs. What is wrong stops the start of the host, with the errors of <see cref="ServiceBusEmulatorServer.StartAsync"/>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddServiceBusEmulator(this IServiceCollection services, Action<ServiceBusEmulatorOptions>? configure = null)
    {
        var options = new ServiceBusEmulatorOptions();
        configure?.Invoke(options);
        return services.AddServiceBusEmulator(options);
    }

    internal static IServiceCollection AddServiceBusEmulator(this IServiceCollection services, ServiceBusEmulatorOptions options)
    {
        services.AddSingleton(provider => new ServiceBusEmulatorHost(options, provider.GetService<TimeProvider>(), provider.GetService<ILoggerFactory>()));
        return services.AddHostedService(provider => provider.GetRequiredService<ServiceBusEmulatorHost>());
    }
}

/// <summary>Runs an emulator as long as its host runs.</summary>
public sealed class ServiceBusEmulatorHost : IHostedService
{
    private readonly ServiceBusEmulatorOptions _options;
    private readonly TimeProvider? _time;
    private readonly ILoggerFactory? _logging;
    private ServiceBusEmulatorServer? _server;

    internal ServiceBusEmulatorHost(ServiceBusEmulatorOptions options, TimeProvider? time, ILoggerFactory? logging) => (_options, _time, _logging) = (options, time, logging);

    /// <summary>The emulator.</summary>
    /// <exception cref="InvalidOperationException">The host has not started it yet.</exception>
    public ServiceBusEmulatorServer Server => _server ?? throw new InvalidOperationException("The emulator has not started yet.");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken) => _server = await ServiceBusEmulatorServer.StartAsync(_options, _time, _logging, cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
