namespace ImageAspire.ServiceDefaults;

/// <summary>Holds the exit code of this process. A part that stops the host because of an error sets it.</summary>
public sealed class HostExit
{
    private int _code;

    /// <summary>0 by default.</summary>
    public int Code
    {
        get => Volatile.Read(ref _code);
        set => Volatile.Write(ref _code, value);
    }
}
