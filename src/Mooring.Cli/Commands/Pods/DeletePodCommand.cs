using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Cli.Waiting;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Pods;

/// <summary><c>mooring pods delete</c>.</summary>
internal sealed class DeletePodCommand : ServerCommand
{
    private readonly Argument<string> _pod = new PodArgument();
    private readonly Option<bool> _yes = new YesOption();
    private readonly WaitOptions _wait;

    public DeletePodCommand(Common common)
        : base(
            common,
            "delete",
            "End a pod. Its network disks live on; everything else of it is lost.",
            "mooring pods delete trainer-1 --wait",
            "mooring pods delete trainer-1 -y --timeout 2m")
    {
        Arguments.Add(_pod);
        Options.Add(_yes);
        _wait = new WaitOptions(this, "the pod is gone and its disks are free");
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var pod = await call.Client.GetPodAsync(await Naming.PodAsync(call, call.Value(_pod)), call.Ct);
        if (pod.Status != Statuses.Terminated)
        {
            var yes = call.Value(_yes);
            if (!yes)
            {
                var disks = Words.Count(pod.AttachedResources.Count, "disk");
                call.Say($"{pod.Name} ({pod.Id}): {pod.Status}, {disks} attached, {Words.Price(pod.PriceHr)} USD/h");
            }

            await call.ConfirmAsync("End this pod? Only its network disks are kept.", yes);
        }

        var answer = await call.Client.DeletePodAsync(pod.Id, call.Ct);
        if (answer.Status != Statuses.Terminated
            && (await _wait.RunAsync(call, ResourceKinds.Pod, pod.Id, Goal.Gone)).Waited)
        {
            answer = new StatusOnly(Statuses.Terminated);
        }

        call.Printer.Lines(answer, Printer.Json.StatusOnly, $"pod {pod.Name} ({pod.Id}) is {answer.Status}");
        return ExitCode.Done;
    }
}
