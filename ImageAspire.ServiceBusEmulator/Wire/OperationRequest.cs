using System.Collections;
using System.Globalization;
using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp.Encoding;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>A request to an entity.</summary>
/// <param name="Entity">Its address.</param>
/// <param name="Operation">What is asked for.</param>
/// <param name="Arguments">By name.</param>
internal sealed record OperationRequest(string Entity, string Operation, AmqpMap Arguments)
{
    public object? Find(string name) => Arguments.TryGetValue<object>(new MapKey(name), out var value) ? value : null;

    public string? FindText(string name) => Find(name)?.ToString();

    /// <exception cref="BrokerException">It is missing.</exception>
    public string Text(string name) => FindText(name) ?? throw Wrong(name);

    /// <exception cref="BrokerException">It is missing or no whole number.</exception>
    public long Number(string name) => ToNumber(name, Find(name));

    /// <exception cref="BrokerException">It is missing or no map.</exception>
    public AmqpMap Map(string name) => Find(name) as AmqpMap ?? throw Wrong(name);

    /// <exception cref="BrokerException">It is missing, or one of them is no GUID.</exception>
    public List<Guid> Guids(string name) => [.. Items(name).Select(item => item switch
    {
        Guid id => id,
        ArraySegment<byte> { Count: 16 } bytes => new Guid(bytes),
        _ => throw Wrong(name),
    })];

    /// <exception cref="BrokerException">It is missing, or one of them is no number.</exception>
    public List<long> Numbers(string name) => [.. Items(name).Select(item => ToNumber(name, item))];

    /// <exception cref="BrokerException">It is missing or no list.</exception>
    public IEnumerable<object?> Items(string name) => Find(name) is IEnumerable items and not string ? items.Cast<object?>() : throw Wrong(name);

    public BrokerException Wrong(string name) => new(BrokerError.Invalid, $"{Operation}: the argument '{name}' is missing or of a wrong type.");

    private long ToNumber(string name, object? value) => value is int or long or uint or short or byte or sbyte or ushort
        ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : throw Wrong(name);
}
