namespace ImageAspire.ServiceBusEmulator.Messages;

/// <summary>What a sender wrote, with what the broker must know of it. Never changes; a change makes another one (<see cref="IMessageCodec"/>).</summary>
/// <param name="Encoded">The message as it is stored, in the codec's format.</param>
/// <param name="MessageId">Its id; the codec gives one to messages that came without.</param>
/// <param name="SessionId">The session that it belongs to.</param>
/// <param name="TimeToLive">How long it may wait, as the sender said.</param>
/// <param name="ScheduledFor">When it is to be enqueued; null at once.</param>
internal sealed record MessageContent(byte[] Encoded, string MessageId, string? SessionId, TimeSpan? TimeToLive, DateTimeOffset? ScheduledFor);
