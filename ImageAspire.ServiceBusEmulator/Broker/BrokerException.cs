namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Why a request is refused.</summary>
internal enum BrokerError
{
    NotFound, AlreadyExists, LockLost, SessionLockLost, SessionTaken, NoSession, MessageNotFound, NotAllowed, Disabled, Full, Invalid, NotImplemented, Removed,
}

/// <summary>A request that the broker refuses.</summary>
internal sealed class BrokerException(BrokerError error, string message) : Exception(message)
{
    public BrokerError Error => error;

    public static BrokerException LockLost(bool ofSession) => new(ofSession ? BrokerError.SessionLockLost : BrokerError.LockLost,
        "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.");

    public static BrokerException NoEntity(string path) => new(BrokerError.NotFound, $"The messaging entity '{path}' could not be found.");
}
