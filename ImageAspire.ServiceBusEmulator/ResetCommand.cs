using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.ServiceBusEmulator;

/// <summary>Brings the emulator back to what its configuration file says.</summary>
internal sealed class ResetCommand(MessageBroker broker, IReadOnlyList<EntityDefinition> definitions)
{
    public Task RunAsync() => broker.ResetAsync(definitions);
}
