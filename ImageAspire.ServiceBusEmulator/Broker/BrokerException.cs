namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Why a request is refused.</summary>
internal enum BrokerError
{
    NotFound, AlreadyExists, LockLost, SessionLockLost, SessionTaken, NoSession, MessageNotFound, NotAllowed, Disabled, Full, TooLarge, Invalid, NotImplemented, Removed,
}

/// <summary>A request that the broker refuses.</summary>
internal sealed class BrokerException(BrokerError error, string message) : Exception(message)
{
    public BrokerError Error => error;

    public static BrokerException NoEntity(string path) => new(BrokerError.NotFound, $"The messaging entity '{path}' could not be found.");
}
