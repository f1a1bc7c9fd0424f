namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>What one client may use. A connection's memory is at most about <see cref="MaxReceivingBytes"/> + <see cref="WriteQueueBytes"/> + the unsettled bytes of its links.</summary>
/// <param name="MaxMessageBytes">Of one message, or one batch.</param>
internal sealed record WireLimits(long MaxMessageBytes)
{
    public const int MaxFrameBytes = 64 * 1024, MaxSaslFrameBytes = 4 * 1024;

    /// <summary>Bytes that wait to be written before deliveries to the client pause, and below which they go on.</summary>
    public const int WriteQueueBytes = 8 * 1024 * 1024, ResumeWriteBytes = 1024 * 1024;

    public const ushort MaxSessions = 1_000;

    public const uint MaxHandles = 255;

    /// <summary>Of a connection.</summary>
    public const int MaxLinks = 2_000;

    /// <summary>Messages and bytes that a receiver may hold locked on one link before it gets more.</summary>
    public const int MaxUnsettled = 5_000;

    public const long MaxUnsettledBytes = 64 * 1024 * 1024;

    /// <summary>
    /// How long a message counts as on its way to a client, which has not seen it if it closes its link meanwhile. A guess, as nothing in AMQP says what a client has
    /// seen before it settles: far longer than the way takes on one machine, far shorter than any lock.
    /// </summary>
    public static TimeSpan InFlight { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the handshake may take.</summary>
    public static TimeSpan Handshake { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take to answer a close.</summary>
    public static TimeSpan Goodbye { get; } = TimeSpan.FromSeconds(5);

    /// <summary>After how long without a frame a connection is closed; clients send empty ones in time.</summary>
    public static TimeSpan Idle { get; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes of messages that a connection may have on their way in: parts of messages, and messages that are not yet durable.</summary>
    public long MaxReceivingBytes => Math.Max(64L * 1024 * 1024, 2 * MaxMessageBytes);

    /// <summary>Messages that a sender may have on their way on one link.</summary>
    public uint Credit => (uint)Math.Clamp(32L * 1024 * 1024 / MaxMessageBytes, 4, 1_000);
}
