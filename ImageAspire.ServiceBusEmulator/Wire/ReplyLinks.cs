using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Where the answers to requests go: links by the address or the name that a request's reply-to says.</summary>
internal sealed class ReplyLinks
{
    private readonly ConcurrentDictionary<(string Node, string ReplyTo), SendingAmqpLink> _links = [];

    public void Add(SendingAmqpLink link, string node)
    {
        string[] names = [link.Name, (link.Settings.Target as Target)?.Address?.ToString() ?? ""];
        foreach (var name in names)
            _links[(node, name)] = link;
        link.Closed += (_, _) =>
        {
            foreach (var name in names)
                _links.TryRemove(new KeyValuePair<(string, string), SendingAmqpLink>((node, name), link));
        };
    }

    /// <summary>Sends an answer. It is dropped when the client has closed the link meanwhile.</summary>
    public void Send(string node, Properties? request, AmqpMessage answer)
    {
        answer.Properties.CorrelationId = request?.CorrelationId ?? request?.MessageId;
        if (!_links.TryGetValue((node, request?.ReplyTo?.ToString() ?? ""), out var link))
            link = _links.FirstOrDefault(pair => pair.Key.Node == node).Value;
        link?.SendMessageNoWait(answer, new ArraySegment<byte>(Guid.NewGuid().ToByteArray()), default);
    }
}
