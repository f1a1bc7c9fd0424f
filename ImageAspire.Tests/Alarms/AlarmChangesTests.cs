using ImageAspire.Api.Alarms;
using ImageAspire.Core.Alarms;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Heartbeats;

namespace ImageAspire.Tests.Alarms;

/// <summary>An alarm is raised once and ends once, however its cause comes and goes.</summary>
public sealed class AlarmChangesTests
{
    private readonly AlarmOptions _options = new();
    private readonly AlarmChanges _changes;
    private IReadOnlyList<Alarm> _alarms = [];

    public AlarmChangesTests() => _changes = new AlarmChanges(_options);

    [Fact]
    public void Raise_WhileTheCauseLasts_IsOneAlarm()
    {
        Look(0, dead: 1);
        var raised = _alarms.ShouldHaveSingleItem();
        (raised.Code, raised.Name, raised.IsOpen, raised.Announced, raised.RaisedAt).ShouldBe(("dead-letters", "analyze-image", true, false, Samples.Noon));
        Look(5, dead: 1);
        _alarms.ShouldHaveSingleItem().ShouldBeSameAs(raised);
    }

    [Fact]
    public void Describe_AFigureChanges_TheSameAlarmSaysSo()
    {
        Look(0, dead: 1);
        var id = _alarms[0].Id;
        Look(5, dead: 3);
        _alarms.ShouldHaveSingleItem().ShouldSatisfyAllConditions(one => one.Id.ShouldBe(id), one => one.Description.ShouldContain("3 messages"));
    }

    [Fact]
    public void End_TheCauseIsAwayForLongEnough_Once()
    {
        Look(0, dead: 1);
        Mark();
        Look(5);
        Look(34.9);
        _alarms[0].IsOpen.ShouldBeTrue();
        Look(35);
        var ended = _alarms.ShouldHaveSingleItem();
        (ended.IsOpen, ended.Announced, ended.EndedAt).ShouldBe((false, false, Samples.Noon.AddSeconds(35)));
        ended.EndId.ShouldNotBeNull().ShouldNotBe(ended.Id);
        Look(40);
        _alarms.ShouldHaveSingleItem().ShouldBeSameAs(ended);
    }

    [Fact]
    public void End_TheCauseComesBackInBetween_IsTheSameAlarm()
    {
        Look(0, dead: 1);
        Look(5);
        Look(20, dead: 1);
        Look(36);
        Look(60);
        _alarms.ShouldHaveSingleItem().IsOpen.ShouldBeTrue();
        Look(66);
        _alarms[0].IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void End_WhatIsNotKnownMeanwhile_DoesNotCount()
    {
        Look(0, dead: 1);
        Look(5);
        _alarms = _changes.Next(_alarms, new AlarmConditions(At(20) with { Subscriptions = null }, _options), Samples.Noon.AddSeconds(20));
        Look(36);
        Look(65);
        _alarms[0].IsOpen.ShouldBeTrue();
        Look(66);
        _alarms[0].IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void Raise_AfterTheEnd_IsAnotherAlarm()
    {
        Look(0, dead: 1);
        Look(5);
        Look(35);
        Look(40, dead: 1);
        _alarms.Count.ShouldBe(2);
        _alarms[1].ShouldSatisfyAllConditions(one => one.IsOpen.ShouldBeTrue(), one => one.Id.ShouldNotBe(_alarms[0].Id));
    }

    [Fact]
    public void Book_KeepsWhatIsOpenOrNotYetAnnounced_AndTheLastFiftyOfSevenDays()
    {
        var now = Samples.Noon.AddDays(30);
        Alarm Ended(double hoursAgo, bool announced = true) => Raised.Alarm($"{hoursAgo}") with { EndedAt = now.AddHours(-hoursAgo), EndId = Guid.NewGuid(), Announced = announced };
        Alarm[] all = [Ended(169), Ended(9999, announced: false), Raised.Alarm("open"), .. Enumerable.Range(1, 60).Select(i => Ended(i))];

        var book = new AlarmBook(7, []).With(all, now);

        book.Version.ShouldBe(8);
        book.Alarms.Select(one => one.Code).ShouldBe(["9999", "open", .. Enumerable.Range(1, 50).Select(i => $"{i}")]);
        book.With(book.Alarms, now).ShouldBeSameAs(book);
    }

    private void Look(double seconds, long dead = 0) => _alarms = _changes.Next(_alarms, new AlarmConditions(At(seconds, dead), _options), Samples.Noon.AddSeconds(seconds));

    private void Mark() => _alarms = [.. _alarms.Select(one => one with { Announced = true })];

    private static SystemLook At(double seconds, long dead = 0)
    {
        var now = Samples.Noon.AddSeconds(seconds);
        return new(new ServiceOverview([Beats.Of(at: now)], now), true, [new SubscriptionStatus("analyze-image", 0, 0, 0, dead, null)], null, 0, 0, 0);
    }
}
