namespace ImageAspire.Tests.Deployment;

/// <summary>For systemd's own check of units. Elsewhere the run says that it was left out, and why.</summary>
public sealed class SystemdFactAttribute : FactAttribute
{
    internal const string Program = "/usr/bin/systemd-analyze";

    public SystemdFactAttribute() => Skip = File.Exists(Program) ? null : $"needs {Program}";
}
