using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>What clients get as errors: the conditions and statuses of the service, which their SDKs know.</summary>
internal static class WireErrors
{
    /// <summary>Status and condition for an error of the broker, or of what a client sent.</summary>
    public static (int Status, string Condition) Of(Exception error) => error switch
    {
        BrokerException broker => Of(broker.Error),
        FormatException => (400, "amqp:decode-error"),
        _ => (500, "amqp:internal-error"),
    };

    public static Error ToError(Exception error) => new() { Condition = Of(error).Condition, Description = error.Message };

    public static AmqpException ToException(Exception error) => error as AmqpException ?? new AmqpException(ToError(error));

    public static Rejected ToRejected(Exception error) => new() { Error = ToError(error) };

    private static (int Status, string Condition) Of(BrokerError error) => error switch
    {
        BrokerError.NotFound => (404, "amqp:not-found"),
        BrokerError.AlreadyExists => (409, "com.microsoft:entity-already-exists"),
        BrokerError.LockLost => (410, "com.microsoft:message-lock-lost"),
        BrokerError.SessionLockLost => (410, "com.microsoft:session-lock-lost"),
        BrokerError.SessionTaken => (409, "com.microsoft:session-cannot-be-locked"),
        BrokerError.NoSession => (408, "com.microsoft:timeout"),
        BrokerError.MessageNotFound => (404, "com.microsoft:message-not-found"),
        BrokerError.NotAllowed => (400, "amqp:not-allowed"),
        BrokerError.Disabled => (400, "com.microsoft:entity-disabled"),
        BrokerError.Full => (403, "amqp:resource-limit-exceeded"),
        BrokerError.NotImplemented => (501, "amqp:not-implemented"),
        BrokerError.Removed => (410, "amqp:link:detach-forced"),
        _ => (400, "com.microsoft:argument-error"),
    };
}
