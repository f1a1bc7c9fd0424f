using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Tests.Core;

public sealed class ImageLifecycleTests
{
    public static TheoryData<string, ImageStatus, bool> Moves()
    {
        var data = new TheoryData<string, ImageStatus, bool>();
        foreach (var status in Enum.GetValues<ImageStatus>())
        {
            data.Add("inspect", status, status == ImageStatus.Received);
            data.Add("reject", status, status == ImageStatus.Received);
            data.Add("analyze", status, status == ImageStatus.Inspected);
            data.Add("fail", status, status is ImageStatus.Received or ImageStatus.Inspected);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Moves))]
    public void Move_FromEveryStatus_OnlyTheLegalOnesAreMade(string move, ImageStatus from, bool legal)
    {
        var record = Records.In(from);
        Func<Transition> make = () => move switch
        {
            "inspect" => ImageLifecycle.Inspect(record, Records.Facts, Records.Someone),
            "reject" => ImageLifecycle.Reject(record, Records.Why, Records.Someone),
            "analyze" => ImageLifecycle.Analyze(record, Records.Seen, Records.Someone),
            _ => ImageLifecycle.Fail(record, Records.Why, Records.Someone),
        };

        if (!legal)
        {
            Should.Throw<IllegalTransitionException>(() => make()).Code.ShouldBe("illegal-move");
            return;
        }

        var transition = make();
        transition.Before.ShouldBe(record);
        transition.After!.Version.ShouldBe(record.Version + 1);
        transition.Event.Data.Version.ShouldBe(transition.After.Version);
        transition.Event.Data.Status.ShouldBe(transition.After.Status);
        transition.Event.TraceParent.ShouldBe(Records.Someone.TraceParent);
    }

    [Fact]
    public void Receive_NewImage_IsVersionOneWithItsEvent()
    {
        var id = Guid.CreateVersion7(Records.Noon);

        var transition = ImageLifecycle.Receive(id, "a.png", ImageFormat.Png, 7, new string('b', 64), null, Records.Someone);

        transition.Before.ShouldBeNull();
        transition.After!.Version.ShouldBe(1);
        transition.After.UploadedBy.ShouldBe("someone");
        transition.Event.Type.ShouldBe(ImageEventTypes.Received);
        transition.Event.ImageId.ShouldBe(id);
    }

    [Fact]
    public void AnalyzeAgain_Analyzed_GoesBackToInspectedAndKeepsTheOldAnalysisUntilTheNewOneIsThere()
    {
        var again = ImageLifecycle.AnalyzeAgain(Records.In(ImageStatus.Analyzed), Records.Someone);

        again!.After!.Status.ShouldBe(ImageStatus.Inspected);
        again.After.Analysis.ShouldNotBeNull();
        again.Event.Type.ShouldBe(ImageEventTypes.Inspected);
    }

    [Fact]
    public void AnalyzeAgain_FailedBeforeInspection_StartsWithTheInspection()
    {
        var again = ImageLifecycle.AnalyzeAgain(Records.In(ImageStatus.Failed), Records.Someone);

        again!.After!.Status.ShouldBe(ImageStatus.Received);
        again.After.Failure.ShouldBeNull();
        again.Event.Type.ShouldBe(ImageEventTypes.Received);
    }

    [Theory]
    [InlineData(ImageStatus.Received)]
    [InlineData(ImageStatus.Inspected)]
    public void AnalyzeAgain_OnItsWay_HasNothingToDo(ImageStatus status) =>
        ImageLifecycle.AnalyzeAgain(Records.In(status), Records.Someone).ShouldBeNull();

    [Fact]
    public void AnalyzeAgain_SecondInspectionFailed_StartsWithTheInspection()
    {
        var again = ImageLifecycle.InspectAgain(Records.In(ImageStatus.Analyzed), Records.Someone)!.After!;
        var failed = ImageLifecycle.Fail(again, Records.Why with { Stage = "InspectImage", Code = FailureCodes.TimeLimit }, Records.Someone).After!;

        failed.Width.ShouldNotBeNull(); // known since the first inspection
        ImageLifecycle.AnalyzeAgain(failed, Records.Someone)!.After!.Status.ShouldBe(ImageStatus.Received);
    }

    [Fact]
    public void AnalyzeAgain_FailedForMissingBytes_StartsWithTheInspection()
    {
        var failed = ImageLifecycle.Fail(Records.In(ImageStatus.Inspected), Records.Why with { Stage = "AnalyzeImage", Code = FailureCodes.ContentUnavailable }, Records.Someone).After!;

        var again = ImageLifecycle.AnalyzeAgain(failed, Records.Someone);

        again!.After!.Status.ShouldBe(ImageStatus.Received); // a thumbnail may be what is missing
        again.After.Failure.ShouldBeNull();
        again.Event.Type.ShouldBe(ImageEventTypes.Received);
    }

    [Fact]
    public void AnalyzeAgain_Rejected_IsRefusedWithTheReason()
    {
        var error = Should.Throw<IllegalTransitionException>(() => ImageLifecycle.AnalyzeAgain(Records.In(ImageStatus.Rejected), Records.Someone));

        error.Code.ShouldBe("image-rejected");
        error.Message.ShouldContain(FailureCodes.Corrupt);
    }

    [Fact]
    public void Edit_SameNameAndTags_HasNothingToDo()
    {
        var record = Records.Received() with { Tags = ["a"] };

        ImageLifecycle.Edit(record, record.Name, ["a"], Records.Someone).ShouldBeNull();
    }

    [Fact]
    public void Edit_NewTags_AreInTheEventBesideThoseOfTheAnalyser()
    {
        var edited = ImageLifecycle.Edit(Records.In(ImageStatus.Analyzed), null, ["holiday", "landscape"], Records.Someone);

        edited!.Event.Data.Tags.ShouldBe(["holiday", "landscape"]);
        edited.After!.Name.ShouldBe("photo.jpg");
    }

    [Fact]
    public void Archive_Twice_HasNothingToDoTheSecondTime()
    {
        var archived = ImageLifecycle.Archive(Records.Received(), Records.Someone)!.After!;

        archived.ArchivedAt.ShouldBe(Records.Noon);
        ImageLifecycle.Archive(archived, Records.Someone).ShouldBeNull();
        ImageLifecycle.Restore(archived, Records.Someone)!.After!.ArchivedAt.ShouldBeNull();
        ImageLifecycle.Restore(Records.Received(), Records.Someone).ShouldBeNull();
    }

    [Fact]
    public void Delete_EveryStatus_LeavesNoRecordAndTellsTheLastOne()
    {
        foreach (var status in Enum.GetValues<ImageStatus>())
        {
            var deleted = ImageLifecycle.Delete(Records.In(status), Records.Someone);

            deleted.After.ShouldBeNull();
            deleted.Event.Type.ShouldBe(ImageEventTypes.Deleted);
            deleted.Event.Data.Status.ShouldBe(status);
        }
    }
}
