namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>Operations from a seed.</summary>
internal static class OperationGenerator
{
    private const int Ids = 30, Sessions = 4;

    public static List<Operation> Make(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => One(random))];

    private static Operation One(Random random) => random.Next(100) switch
    {
        < 24 => new Operation.Send(Any(random), random.Next(1, 5), random.Next(Ids), random.Next(Sessions), Maybe(random, 2), Seconds(random, 4), Seconds(random, 5)),
        < 26 => new Operation.SendRefused(Any(random)),
        < 29 => new Operation.Cancel(Any(random), Any(random)),
        < 33 => new Operation.Attach(Any(random), Maybe(random, 6)),
        < 38 => new Operation.AcceptSession(Maybe(random, 2) ? random.Next(Sessions) : null, Maybe(random, 6)),
        < 39 => new Operation.WithdrawRequest(Any(random)),
        < 42 => new Operation.Detach(Any(random)),
        < 56 => new Operation.Receive(Any(random), random.Next(1, 4), Maybe(random, 12)),
        < 76 => new Operation.Settle(Any(random), (SettleKind)random.Next(5), Maybe(random, 4) ? random.Next(9) : null),
        < 79 => new Operation.Renew(Any(random)),
        < 83 => new Operation.TakeDeferred(Any(random), Any(random), random.Next(1, 3), Maybe(random, 4)),
        < 85 => new Operation.RenewSession(random.Next(Sessions)),
        < 87 => new Operation.SetSessionState(random.Next(Sessions), Maybe(random, 3) ? null : (byte)random.Next(256)),
        < 88 => new Operation.Delete(Any(random), random.Next(1, 4), random.Next(20)),
        < 98 => new Operation.Wait(random.Next(Maybe(random, 5) ? 60 : 10)),
        _ => new Operation.Restart(random.Next(20)),
    };

    private static int Any(Random random) => random.Next(1_000);

    private static bool Maybe(Random random, int oneIn) => random.Next(oneIn) == 0;

    private static int? Seconds(Random random, int oneIn) => Maybe(random, oneIn) ? random.Next(1, 40) : null;
}
