namespace ImageAspire.ServiceBusEmulator;

/// <summary>How the emulator runs.</summary>
public sealed class ServiceBusEmulatorOptions
{
    /// <summary>The port for AMQP on the loopback address; 0 for one that the system chooses. 5672 unless set.</summary>
    public int AmqpPort { get; set; } = 5672;

    /// <summary>The port for administration (HTTP) and AMQP over WebSockets on the loopback address; 0 for one that the system chooses. 5300 unless set.</summary>
    public int AdministrationPort { get; set; } = 5300;

    /// <summary>The folder of the store (made if it is missing). Null keeps everything in memory.</summary>
    public string? DataFolder { get; set; }

    /// <summary>A file as the official emulator reads it (<c>Config.json</c>); its entities are made if they are missing. Null for none.</summary>
    public string? ConfigFile { get; set; }

    /// <summary>The largest message, or batch, in bytes: 1 KiB to 100 MiB. 1 MiB unless set.</summary>
    public long MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>AMQP connections at once: 1 to 100,000. 1,000 unless set; more are closed at once.</summary>
    public int MaxConnections { get; set; } = 1_000;

    /// <summary>Throws when a value is out of range, with all errors at once.</summary>
    /// <exception cref="InvalidOperationException">A value is out of range; the message names each of them.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        if (AmqpPort is < 0 or > 65535)
            errors.Add($"{nameof(AmqpPort)} is from 0 to 65535, not {AmqpPort}.");
        if (AdministrationPort is < 0 or > 65535)
            errors.Add($"{nameof(AdministrationPort)} is from 0 to 65535, not {AdministrationPort}.");
        if (AmqpPort != 0 && AmqpPort == AdministrationPort)
            errors.Add($"{nameof(AmqpPort)} and {nameof(AdministrationPort)} are the same: {AmqpPort}.");
        if (MaxMessageBytes is < 1024 or > 100 * 1024 * 1024)
            errors.Add($"{nameof(MaxMessageBytes)} is from 1024 to 104857600, not {MaxMessageBytes}.");
        if (MaxConnections is < 1 or > 100_000)
            errors.Add($"{nameof(MaxConnections)} is from 1 to 100000, not {MaxConnections}.");
        if (errors.Count > 0)
            throw new InvalidOperationException(string.Join(' ', errors));
    }
}
