using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp.Framing;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>What the outcomes of AMQP mean to the broker.</summary>
internal static class Settlements
{
    private const string Reason = "DeadLetterReason", Description = "DeadLetterErrorDescription";

    public static Settlement Of(DeliveryState? state) => state switch
    {
        Accepted => new Settlement.Complete(),
        Rejected rejected => DeadLetter(rejected.Error?.Info),
        Modified { UndeliverableHere: true } modified => new Settlement.Defer { Changes = Changes(modified.MessageAnnotations) },
        Modified modified => new Settlement.Abandon { Changes = Changes(modified.MessageAnnotations) },
        _ => new Settlement.Release(),
    };

    private static Settlement.DeadLetter DeadLetter(Fields? info)
    {
        var changes = Changes(info);
        return new Settlement.DeadLetter(Take(changes, Reason), Take(changes, Description)) { Changes = changes };
    }

    private static string? Take(Dictionary<string, object?>? changes, string name) => changes is not null && changes.Remove(name, out var value) ? value?.ToString() : null;

    // .NET's client sends symbols as keys, JavaScript's strings.
    private static Dictionary<string, object?>? Changes(Fields? fields) => fields?.ToDictionary(pair => pair.Key.ToString()!, pair => (object?)pair.Value);
}
