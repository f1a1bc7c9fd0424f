namespace ImageAspire.AppHost.Embedded;

/// <summary>How long to wait before a service that died is started again: 0.5 s, doubling to 30 s; a run of a minute makes up for everything.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GoodRun = TimeSpan.FromMinutes(1);
    private TimeSpan _next = First;

    public TimeSpan After(TimeSpan run)
    {
        if (run >= GoodRun)
            _next = First;
        var delay = _next;
        _next = delay * 2 < Longest ? delay * 2 : Longest;
        return delay;
    }
}
