namespace ImageAspire.ServiceBusEmulator.Hosting;

/// <summary>A Service Bus namespace on this machine: the emulator as a process of its own.</summary>
/// <param name="name">Its name, also that of its connection string.</param>
/// <param name="folder">The folder with the emulator's program.</param>
public sealed class ServiceBusEmulatorResource(string name, string folder) : ExecutableResource(name, "dotnet", folder), IResourceWithConnectionString
{
    internal const string AmqpEndpointName = "amqp";
    internal const string AdministrationEndpointName = "administration";
    internal const string Program = "ImageAspire.ServiceBusEmulator.dll";

    /// <summary>Where clients send and receive.</summary>
    public EndpointReference AmqpEndpoint => new(this, AmqpEndpointName);

    /// <summary>Where administration clients, <c>/health</c> and <c>/reset</c> are.</summary>
    public EndpointReference AdministrationEndpoint => new(this, AdministrationEndpointName);

    /// <summary>For clients that send and receive. Any key is taken.</summary>
    public ReferenceExpression ConnectionStringExpression => ConnectionString(AmqpEndpoint);

    /// <summary>For administration clients, whose port is another one.</summary>
    public ReferenceExpression AdministrationConnectionStringExpression => ConnectionString(AdministrationEndpoint);

    /// <summary>What exists at each start.</summary>
    internal EmulatorEntities Entities { get; } = new();

    /// <summary>The official emulator's <c>Config.json</c> in place of <see cref="Entities"/>; null for none.</summary>
    internal string? ConfigFile { get; set; }

    /// <summary>Where messages are kept; null for memory.</summary>
    internal string? DataFolder { get; set; }

    private static ReferenceExpression ConnectionString(EndpointReference endpoint) => ReferenceExpression.Create(
        $"Endpoint=sb://localhost:{endpoint.Property(EndpointProperty.Port)};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;");
}
