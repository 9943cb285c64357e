"""Who looks on while a contest is played, and its scoreboard on a terminal."""

from solver.contests.live.boards import beside_table as beside_table
from solver.contests.live.boards import scoreboard_table as scoreboard_table
from solver.contests.live.onlooker import LineOnlooker as LineOnlooker
from solver.contests.live.onlooker import LiveOnlooker as LiveOnlooker
from solver.contests.live.onlooker import Onlooker as Onlooker
from solver.contests.live.onlooker import watching as watching
from solver.contests.live.table import live_table as live_table
from solver.contests.live.words import clock_text as clock_text
from solver.contests.live.words import subtasks_text as subtasks_text
