using Azure.Messaging.ServiceBus;
using ImageAspire.Azure.Topic;
using ImageAspire.Core.Events;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Tests.Azure;

public sealed class ServiceBusMessagesTests
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ImageEvent Event = ImageLifecycle.Purge(Samples.Received(), Samples.Traced).Event with { TraceParent = Trace };

    [Fact]
    public void Of_Event_FiltersSeeTypeAndImageAndTheBodyIsTheCloudEvent()
    {
        var message = ServiceBusMessages.Of(Event, Now);

        (message.MessageId, message.Subject, message.CorrelationId).ShouldBe((Event.Id.ToString("D"), Event.Type, Event.ImageId.ToString("D")));
        message.ContentType.ShouldBe("application/cloudevents+json");
        message.ScheduledEnqueueTime.ShouldBe(Now);
        message.Body.ToArray().ShouldBe(CloudEvents.Write(Event));
        message.ApplicationProperties["traceparent"].ShouldBe(Trace);
        message.ApplicationProperties["type"].ShouldBe(Event.Type);
        message.To.ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(10_000, 1)]
    public void Of_Later_IsAWholeMillisecondAndNeverEarlier(int ticks, int milliseconds) =>
        ServiceBusMessages.Of(Event, Now.AddTicks(ticks)).ScheduledEnqueueTime.ShouldBe(Now.AddMilliseconds(milliseconds));

    [Fact]
    public void Read_WhatOfMade_IsTheEvent()
    {
        var delivery = ServiceBusMessages.Read(Received(ServiceBusMessages.Of(Event, null)));

        CloudEvents.Write(delivery.Event).ShouldBe(CloudEvents.Write(Event));
        (delivery.DeliveryCount, delivery.EnqueuedAt, delivery.Sequence).ShouldBe((1, Now, 7L));
    }

    [Fact]
    public void Read_ForeignBody_FormatException() =>
        Should.Throw<FormatException>(() => ServiceBusMessages.Read(Received(new ServiceBusMessage("<xml/>"))));

    [Fact]
    public void Later_Counted_GoesToItsSubscriptionAloneAndCarriesTheCount()
    {
        var first = Received(ServiceBusMessages.Of(Event, null), deliveryCount: 2);
        var copy = ServiceBusMessages.Redelivery(first, "inspect-image", Now.AddMinutes(1), counted: true);

        (copy.To, copy.Subject, copy.ScheduledEnqueueTime).ShouldBe(("inspect-image", "redelivery", Now.AddMinutes(1)));
        var second = ServiceBusMessages.Read(Received(copy, enqueued: Now.AddMinutes(1)));
        (second.DeliveryCount, second.EnqueuedAt).ShouldBe((3, Now)); // published when it was first published
        CloudEvents.Write(second.Event).ShouldBe(CloudEvents.Write(Event));
    }

    [Fact]
    public void Later_NotCounted_LeavesTheCount()
    {
        var copy = ServiceBusMessages.Redelivery(Received(ServiceBusMessages.Of(Event, null), deliveryCount: 2), "inspect-image", Now, counted: false);
        ServiceBusMessages.DeliveryCount(Received(copy)).ShouldBe(2);
    }

    [Fact]
    public void Later_Twice_SameIdSoThatTheSecondIsADuplicate()
    {
        var message = Received(ServiceBusMessages.Of(Event, null));
        var (one, again) = (ServiceBusMessages.Redelivery(message, "inspect-image", Now, true), ServiceBusMessages.Redelivery(message, "inspect-image", Now.AddSeconds(9), true));
        var next = ServiceBusMessages.Redelivery(Received(one), "inspect-image", Now, true);

        again.MessageId.ShouldBe(one.MessageId);
        new[] { message.MessageId, one.MessageId, next.MessageId }.ShouldBeUnique();
        next.MessageId.Length.ShouldBeLessThanOrEqualTo(128);
    }

    [Fact]
    public void DeliveriesOfDeadLetter_DeadLetteredByTheConsumer_IsTheConsumersCount()
    {
        var third = Received(ServiceBusMessages.Of(Event, null), deliveryCount: 3);
        var dead = Received(ServiceBusMessages.Of(Event, null), deliveryCount: 7, more: ServiceBusMessages.DeadLetterProperties(third));
        ServiceBusMessages.DeliveriesOfDeadLetter(dead).ShouldBe(3);
    }

    [Fact]
    public void DeliveriesOfDeadLetter_DeadLetteredByTheService_IsItsCount() =>
        ServiceBusMessages.DeliveriesOfDeadLetter(Received(ServiceBusMessages.Of(Event, null), deliveryCount: 7)).ShouldBe(7);

    [Fact]
    public void Replayed_DeadLetter_IsCountedFromTheBeginningUnderANewId()
    {
        var dead = Received(ServiceBusMessages.Redelivery(Received(ServiceBusMessages.Of(Event, null), deliveryCount: 4), "inspect-image", Now, true), deliveryCount: 3,
            more: new() { ["imageaspire-deliveries"] = 7, ["DeadLetterReason"] = "x", ["DeadLetterErrorDescription"] = "y" });
        var copy = ServiceBusMessages.Restored(dead, "inspect-image");

        ServiceBusMessages.DeliveryCount(Received(copy)).ShouldBe(1);
        copy.To.ShouldBe("inspect-image");
        copy.ApplicationProperties.Keys.ShouldNotContain(key => key.StartsWith("DeadLetter", StringComparison.Ordinal) || key == "imageaspire-deliveries");
        ServiceBusMessages.Restored(dead, "inspect-image").MessageId.ShouldBe(copy.MessageId); // once more is a duplicate
        copy.MessageId.Length.ShouldBeLessThanOrEqualTo(128);
        new[] { dead.MessageId, copy.MessageId, ServiceBusMessages.Redelivery(Received(copy), "inspect-image", Now, true).MessageId }.ShouldBeUnique();
    }

    internal static ServiceBusReceivedMessage Received(
        ServiceBusMessage sent, int deliveryCount = 1, DateTimeOffset? enqueued = null, Dictionary<string, object>? more = null)
    {
        var properties = new Dictionary<string, object>(sent.ApplicationProperties);
        foreach (var (key, value) in more ?? [])
            properties[key] = value;
        return ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: sent.Body, messageId: sent.MessageId, subject: sent.Subject, correlationId: sent.CorrelationId, to: sent.To, contentType: sent.ContentType,
            properties: properties, deliveryCount: deliveryCount, sequenceNumber: 7, enqueuedTime: enqueued ?? Now, lockTokenGuid: Guid.NewGuid());
    }
}
