using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.ServiceBusEmulator.Hosting;

/// <summary>Adds the Service Bus emulator to an AppHost.</summary>
public static class ServiceBusEmulatorBuilderExtensions
{
    /// <summary>
    /// Adds an emulator that runs with the AppHost: one process, no container. It is healthy when all its entities exist, and the dashboard has a
    /// command that resets it. It is no part of a deployment.
    /// </summary>
    /// <param name="builder">The AppHost.</param>
    /// <param name="name">Its name, also that of the connection string.</param>
    /// <param name="amqpPort">The port for AMQP; a free one if null.</param>
    /// <param name="administrationPort">The port for administration clients, <c>/health</c> and <c>/reset</c>; a free one if null.</param>
    public static IResourceBuilder<ServiceBusEmulatorResource> AddServiceBusEmulator(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? amqpPort = null, int? administrationPort = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var folder = Path.GetDirectoryName(typeof(ServiceBusEmulatorBuilderExtensions).Assembly.Location)!;
        var (amqp, administration) = (amqpPort ?? FreePort(), administrationPort ?? FreePort());
        return builder.AddResource(new ServiceBusEmulatorResource(name, folder))
            .WithEndpoint(ServiceBusEmulatorResource.AmqpEndpointName, endpoint => (endpoint.UriScheme, endpoint.Port, endpoint.TargetPort, endpoint.IsProxied) = ("amqp", amqp, amqp, false))
            .WithHttpEndpoint(administration, administration, ServiceBusEmulatorResource.AdministrationEndpointName, isProxied: false)
            .WithArgs(context => AddArguments(context, (ServiceBusEmulatorResource)context.Resource, amqp, administration))
            .WithHttpHealthCheck("/health", endpointName: ServiceBusEmulatorResource.AdministrationEndpointName)
            .WithHttpCommand("/reset", "Reset", endpointName: ServiceBusEmulatorResource.AdministrationEndpointName, commandName: "reset", commandOptions: new HttpCommandOptions
            {
                Method = HttpMethod.Post, IconName = "ArrowReset", Description = "Removes all messages and entities, and makes the declared entities again.",
                ConfirmationMessage = "Remove all messages and entities, and make the declared entities again?",
            })
            .WithUrlForEndpoint(ServiceBusEmulatorResource.AdministrationEndpointName, url => (url.DisplayText, url.Url) = ("Health", url.Url.TrimEnd('/') + "/health"))
            .WithIconName("Mailbox")
            .ExcludeFromManifest();
    }

    /// <summary>Keeps messages, counts, dead letters and session states in a folder, over restarts and <c>kill -9</c>. Without it they are in memory.</summary>
    /// <param name="emulator">The emulator.</param>
    /// <param name="folder">The folder; relative to the AppHost's. It is made if it is missing.</param>
    public static IResourceBuilder<ServiceBusEmulatorResource> WithDataFolder(this IResourceBuilder<ServiceBusEmulatorResource> emulator, string folder)
    {
        ArgumentNullException.ThrowIfNull(emulator);
        emulator.Resource.DataFolder = Path.GetFullPath(folder, emulator.ApplicationBuilder.AppHostDirectory);
        return emulator;
    }

    /// <summary>Reads all entities from a file of the official emulator's format, in place of those that are declared here.</summary>
    /// <param name="emulator">The emulator.</param>
    /// <param name="file">The file; relative to the AppHost's folder.</param>
    public static IResourceBuilder<ServiceBusEmulatorResource> WithConfigFile(this IResourceBuilder<ServiceBusEmulatorResource> emulator, string file)
    {
        ArgumentNullException.ThrowIfNull(emulator);
        emulator.Resource.ConfigFile = Path.GetFullPath(file, emulator.ApplicationBuilder.AppHostDirectory);
        return emulator;
    }

    /// <summary>Declares a queue.</summary>
    /// <param name="emulator">The emulator.</param>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Sets its properties.</param>
    public static IResourceBuilder<ServiceBusEmulatorResource> WithQueue(
        this IResourceBuilder<ServiceBusEmulatorResource> emulator, string name, Action<QueueSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(emulator);
        var properties = new QueueSettings();
        configure?.Invoke(properties);
        emulator.Resource.Entities.Queues.Add(new QueueDefinition(name, properties));
        return emulator;
    }

    /// <summary>Declares a topic with its subscriptions.</summary>
    /// <param name="emulator">The emulator.</param>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Sets its properties, and adds its subscriptions.</param>
    public static IResourceBuilder<ServiceBusEmulatorResource> WithTopic(
        this IResourceBuilder<ServiceBusEmulatorResource> emulator, string name, Action<TopicBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(emulator);
        ArgumentNullException.ThrowIfNull(configure);
        var topic = new TopicBuilder(name);
        configure(topic);
        emulator.Resource.Entities.Topics.Add(topic.Definition);
        return emulator;
    }

    /// <summary>Gives a service the connection string of administration clients as <c>ConnectionStrings__NAME-administration</c>, beside that of <c>WithReference</c>.</summary>
    /// <param name="service">The service.</param>
    /// <param name="emulator">The emulator.</param>
    public static IResourceBuilder<T> WithAdministration<T>(this IResourceBuilder<T> service, IResourceBuilder<ServiceBusEmulatorResource> emulator)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(emulator);
        return service.WithEnvironment($"ConnectionStrings__{emulator.Resource.Name}-administration", emulator.Resource.AdministrationConnectionStringExpression);
    }

    private static void AddArguments(CommandLineArgsCallbackContext context, ServiceBusEmulatorResource resource, int amqp, int administration)
    {
        context.Args.Add("exec");
        // With the dependencies of the process that hosts the resource, which its own are among: out of a package it comes without files that name them.
        if ((AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';')[0] is { Length: > 0 } dependencies)
        {
            Add("--depsfile", dependencies);
            Add("--runtimeconfig", Path.ChangeExtension(Path.ChangeExtension(dependencies, null), "runtimeconfig.json"));
        }

        context.Args.Add(Path.Combine(resource.WorkingDirectory, ServiceBusEmulatorResource.Program));
        Add("--amqp-port", amqp.ToString(CultureInfo.InvariantCulture));
        Add("--admin-port", administration.ToString(CultureInfo.InvariantCulture));
        if (context.ExecutionContext.IsRunMode)
            Add("--config", resource.ConfigFile ?? EmulatorConfigFile.Write(resource.Name, resource.Entities, context.ExecutionContext.Services.GetRequiredService<IAspireStore>()));
        if (resource.DataFolder is { } data)
            Add("--data", data);

        void Add(string option, string value)
        {
            context.Args.Add(option);
            context.Args.Add(value);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
