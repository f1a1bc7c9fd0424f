using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Filters;
using Microsoft.Azure.Amqp.Encoding;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Operations on the rules of a subscription.</summary>
internal sealed class RuleOperations(TimeProvider time)
{
    public (int Status, AmqpMap Body) Add(EntityDirectory entities, OperationRequest request)
    {
        try
        {
            entities.AddRule(request.Entity, RuleCodec.Read(request, time.GetUtcNow()));
        }
        catch (FilterException error)
        {
            throw new BrokerException(BrokerError.Invalid, error.Message);
        }

        return (200, new AmqpMap());
    }

    public static (int Status, AmqpMap Body) Remove(EntityDirectory entities, OperationRequest request)
    {
        entities.RemoveRule(request.Entity, request.Text("rule-name"));
        return (200, new AmqpMap());
    }

    public static (int Status, AmqpMap Body) List(EntityDirectory entities, OperationRequest request)
    {
        var rules = entities.Get<Subscription>(request.Entity).Rules.Skip((int)Math.Clamp(request.Number("skip"), 0, int.MaxValue)).Take((int)Math.Clamp(request.Number("top"), 0, 1_000));
        return Operations.ListOf("rules", [.. rules.Select(rule => Operations.Body("rule-description", RuleCodec.Write(rule)))]);
    }
}
