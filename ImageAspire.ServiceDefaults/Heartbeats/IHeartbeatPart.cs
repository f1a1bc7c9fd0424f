using ImageAspire.Core.Heartbeats;

namespace ImageAspire.ServiceDefaults.Heartbeats;

/// <summary>What a part of a service adds to its heartbeats. Register any number.</summary>
public interface IHeartbeatPart
{
    /// <summary>The heartbeat with what this part has to say.</summary>
    Heartbeat AddTo(Heartbeat heartbeat);
}
