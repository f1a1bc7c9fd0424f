namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>
/// A step of a run. Its numbers choose among what is there at that moment (modulo), and it does nothing when there is nothing to choose from:
/// every part of a list of operations is a list of operations, so that a failing one can be made shorter.
/// </summary>
internal abstract record Operation
{
    /// <summary>Sends messages with the ids Id, Id + 1, …</summary>
    internal sealed record Send(int To, int Count, int Id, int Session, bool IsRed, int? TimeToLive, int? DueIn) : Operation;

    /// <summary>A batch of a good message and one that is refused.</summary>
    internal sealed record SendRefused(int To) : Operation;

    internal sealed record Cancel(int To, int Pick) : Operation;

    internal sealed record Attach(int Queue, bool TakesForGood) : Operation;

    /// <summary>A receiver that asks for a session; for the next one that has messages without a number.</summary>
    internal sealed record AcceptSession(int? Session, bool TakesForGood) : Operation;

    internal sealed record WithdrawRequest(int Pick) : Operation;

    internal sealed record Detach(int Pick) : Operation;

    /// <summary>A receiver takes so many more messages; the next one may fail on its way to it.</summary>
    internal sealed record Receive(int Pick, int Count, bool Fails) : Operation;

    internal sealed record Settle(int Pick, SettleKind Kind, int? Change) : Operation;

    internal sealed record Renew(int Pick) : Operation;

    internal sealed record TakeDeferred(int Queue, int Pick, int Count, bool TakesForGood) : Operation;

    internal sealed record RenewSession(int Session) : Operation;

    internal sealed record SetSessionState(int Session, byte? State) : Operation;

    internal sealed record Delete(int Queue, int Count, int Seconds) : Operation;

    internal sealed record Wait(int Seconds) : Operation;

    /// <summary>The broker ends, and begins again with its store after some seconds; without a store nothing happens.</summary>
    internal sealed record Restart(int Seconds) : Operation;
}

internal enum SettleKind { Complete, Abandon, Release, Defer, DeadLetter }
