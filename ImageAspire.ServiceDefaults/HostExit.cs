namespace ImageAspire.ServiceDefaults;

/// <summary>How this process ends; whoever stops the host for a reason of its own says so here.</summary>
public sealed class HostExit
{
    private int _code;

    /// <summary>The exit code; 0 unless somebody sets it.</summary>
    public int Code
    {
        get => Volatile.Read(ref _code);
        set => Volatile.Write(ref _code, value);
    }
}
